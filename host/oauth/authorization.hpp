// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

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
    std::optional<identity::RedirectUri> redirect_uri;  // set once it is verified: only then may we redirect
    std::string state;
    std::string code_challenge;
    identity::ScopeSet scopes;  // asked for, known, and within the client's
};

using Check = Refusal (*)(const Services&, Authorization&);

Refusal check_client(const Services& services, Authorization& authorization);
Refusal check_redirect_uri(const Services& services, Authorization& authorization);
Refusal check_repeated(const Services& services, Authorization& authorization);
Refusal check_response_type(const Services& services, Authorization& authorization);
Refusal check_pkce(const Services& services, Authorization& authorization);
Refusal check_resource(const Services& services, Authorization& authorization);
Refusal check_scope(const Services& services, Authorization& authorization);

// Reads the query and runs all checks.
Refusal check_authorization(const Services& services, std::string_view query, Authorization& authorization);

// To the verified redirect URI with state and iss (OA-07), or a local page where there is none (OA-02).
http::Response refuse(const Services& services, const http::Request& request, const Authorization& authorization,
                      const OAuthError& error);
http::Response answer_with_code(const Services& services, const http::Request& request,
                                const Authorization& authorization, std::string_view code);

}  // namespace quell::oauth
