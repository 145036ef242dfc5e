// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <algorithm>

#include "oauth/authorization.hpp"

namespace quell::oauth {

// OA-02, RFC 9700 2.1: only where the client registered it, byte for byte but for the port of a loopback.
Refusal check_redirect_uri(const Services&, Authorization& authorization) {
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
    authorization.redirect_uri = *std::move(presented);
    return std::nullopt;
}

}  // namespace quell::oauth
