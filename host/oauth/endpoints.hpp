// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

#include "http/router.hpp"
#include "oauth/services.hpp"

namespace quell::oauth {

// The authorization server's doors: discovery, authorize, login, consent, token. Made by app with the services of
// identity/, which outlive it, as it outlives the router's use. Everything it says of itself comes from `public_url`
// (https://HOST, no slash at the end), never from a request (DC-06).
class Endpoints {
  public:
    struct Dependencies {
        identity::Clients& clients;
        identity::Users& users;
        identity::LoginSessions& logins;
        identity::TokenService& tokens;
        audit::Trail& trail;
        identity::ClientAssertions& assertions;
        identity::Registration& registration;
        identity::InitialTokens& initial_tokens;
        identity::MetadataDocuments& documents;
        PresentSettings settings;
        identity::OpenIdSignIn& openid;
        identity::OpenIdMembers& members;
        PresentTenants tenants;
        ProvenHandler proven{};  // none: nothing else asks providers for a proof
    };

    Endpoints(const Dependencies& dependencies, std::string public_url);
    Endpoints(const Endpoints&) = delete;
    Endpoints& operator=(const Endpoints&) = delete;

    void add_routes(http::Router& router) const;

  private:
    void add_documents(http::Router& router) const;

    identity::Throttle account_throttle_;
    identity::Throttle address_throttle_;
    identity::Throttle secret_throttle_;
    identity::Throttle stranger_throttle_;
    Services services_;
};

}  // namespace quell::oauth
