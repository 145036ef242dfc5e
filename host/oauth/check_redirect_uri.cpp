// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <algorithm>

#include "identity/redirect_hosts.hpp"
#include "oauth/authorization.hpp"

namespace quell::oauth {

namespace {

// What the settings say now, whatever they said at the registration; the shared client has a rule of its own.
bool is_allowed_now(const Services& services, const identity::Client& client, const identity::RedirectUri& uri) {
    const bool has_own_rule = client.kind == identity::ClientKind::static_client ||
                              client.kind == identity::ClientKind::shared;
    return has_own_rule || identity::may_lead_to(services.settings().redirect_hosts, uri);
}

}  // namespace

// OA-02, RFC 9700 2.1: only where the client registered it, byte for byte but for the port of a loopback.
Refusal check_redirect_uri(const Services& services, Authorization& authorization) {
    const Form& parameters = authorization.parameters;
    if (!parameters.has("redirect_uri") || parameters.repeats("redirect_uri")) {
        return OAuthError{ErrorCode::unverified_request, "The parameter redirect_uri is needed, once."};
    }
    auto presented = identity::RedirectUri::parse(parameters.value("redirect_uri"));
    const auto& registered = authorization.client->redirect_uris;
    const bool known = presented && std::any_of(registered.begin(), registered.end(),
                                                [&](const auto& uri) { return uri.admits(*presented); });
    if (!known) {
        return OAuthError{ErrorCode::unverified_request, "The redirect_uri is not one that this client registered."};
    }
    if (!is_allowed_now(services, *authorization.client, *presented)) {
        return OAuthError{ErrorCode::unverified_request,
                          "This host's administrator does not allow this client to lead people there."};
    }
    authorization.redirect_uri = *std::move(presented);
    return std::nullopt;
}

}  // namespace quell::oauth
