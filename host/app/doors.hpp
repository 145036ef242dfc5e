// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "api/endpoint.hpp"
#include "app/services.hpp"
#include "console/approvals_page.hpp"
#include "console/verification.hpp"
#include "http/cross_origin.hpp"
#include "http/known_hosts.hpp"
#include "http/router.hpp"
#include "identity/authenticator.hpp"
#include "identity/client_assertions.hpp"
#include "identity/login_sessions.hpp"
#include "identity/metadata_documents.hpp"
#include "identity/openid_members.hpp"
#include "identity/openid_sign_in.hpp"
#include "identity/registration.hpp"
#include "identity/token_service.hpp"
#include "inbound/door.hpp"
#include "mcp/content_door.hpp"
#include "mcp/endpoint.hpp"
#include "mcp/secret_resources.hpp"
#include "oauth/endpoints.hpp"

namespace quell::app {

// The doors of the public address: OAuth, MCP and REST, with what checks who comes in.
class Doors {
  public:
    Doors(Services& services, api::RouteTable rest);
    void add_routes(http::Router& router);
    // What goes on between requests runs on this context, which stops before this object ends.
    void start(boost::asio::io_context& context) { content_.start(context); }
    // The settings were read again: every list may differ.
    void tell_reload(const std::vector<TenantId>& tenants) { content_.changed_all(tenants); }

  private:
    Doors(Services& services, api::RouteTable rest, const config::Settings& settings);

    void note_refusal(const identity::Principal& caller, const mcp::Tool& tool, std::string_view key);
    Result<identity::Principal> check_rest_caller(const http::Request& request);
    void note_rest_refusal(const identity::Principal& caller, const api::Route& route, std::string_view key);
    void keep_later(audit::Record record, std::string_view key);
    api::EndpointOptions api_options(Services& services, const config::Settings& settings);

    mcp::ContentDoorOptions content_options(Services& services, const std::string& public_url);
    Result<void> note_acting(const identity::Principal& caller, const std::string& connector, const std::string& tool);
    void note_called(const identity::Principal& caller, const std::string& connector, const std::string& tool, std::string_view outcome);

    store::Store& store_;
    audit::Trail& trail_;
    identity::Authenticator authenticator_;
    identity::TokenService tokens_;
    identity::LoginSessions logins_;
    identity::ClientAssertions assertions_;
    identity::Registration registration_;
    identity::MetadataDocuments documents_;
    identity::OpenIdProviders providers_;
    identity::OpenIdSignIn openid_;
    identity::OpenIdMembers members_;
    console::Verification verification_;
    oauth::Endpoints oauth_;
    mcp::SecretResources secret_resources_;
    mcp::ContentDoor content_;
    mcp::Endpoint mcp_;
    inbound::Door inbound_;
    policy::RateLimiter limiter_;
    api::Endpoint api_;
    console::ApprovalsPage approvals_page_;
    std::vector<Network> proxies_;
    http::CrossOrigin cross_origin_;
    http::KnownHosts known_hosts_;
};

}  // namespace quell::app
