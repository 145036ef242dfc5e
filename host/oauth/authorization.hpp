// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "identity/clients.hpp"
#include "oauth/errors.hpp"
#include "oauth/form.hpp"
#include "oauth/services.hpp"

// One authorization request on its way through its checks. Each check is a file of its own, takes what it needs from
// `parameters`, leaves what it found in the members, and refuses or not; authorization.cpp has their order.
namespace quell::oauth {

struct Authorization {
    Form parameters;
    std::optional<identity::Client> client;
    // V08: the client exists only once an administrator allows it. Until then its redirect URI is nobody's word, so
    // every refusal stays on a local page (OA-27).
    bool is_new_client = false;
    bool saves_client = false;  // it is stored with the approval (identity::Approval)
    std::optional<identity::RedirectUri> redirect_uri;  // set once it is verified: only then may we redirect
    std::string state;
    std::string code_challenge;
    identity::ScopeSet scopes;  // asked for, known, and within the client's
};

using Check = Refusal (*)(const Services&, Authorization&);
using LaterRefusal = boost::asio::awaitable<Refusal, boost::asio::io_context::executor_type>;

Refusal check_redirect_uri(const Services& services, Authorization& authorization);
Refusal check_repeated(const Services& services, Authorization& authorization);
Refusal check_response_type(const Services& services, Authorization& authorization);
Refusal check_pkce(const Services& services, Authorization& authorization);
Refusal check_resource(const Services& services, Authorization& authorization);
Refusal check_scope(const Services& services, Authorization& authorization);

// The parameters, before anything is known of them.
Refusal read_request(std::string_view query, Authorization& authorization);
// Finds the client and runs all checks. `peer` is who asks: strangers' documents are fetched so many times a minute.
LaterRefusal check_authorization(const Services& services, std::string_view peer, Authorization& authorization);
// The same, for a client that is in the store, without waiting.
Refusal check_stored(const Services& services, Authorization& authorization);

// To the verified redirect URI with state and iss (OA-07), or a local page where there is none (OA-02).
http::Response refuse(const Services& services, const http::Request& request, const Authorization& authorization,
                      const OAuthError& error);
http::Response answer_with_code(const Services& services, const http::Request& request,
                                const Authorization& authorization, std::string_view code);

}  // namespace quell::oauth
