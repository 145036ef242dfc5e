// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/authorization.hpp"

namespace quell::oauth {

// What is unknown or not the client's is narrowed away; only an empty rest is an error (INTERFACES.md 5, OA-11).
// Without the parameter it is the usual of what the client may have (RFC 6749 3.3).
Refusal check_scope(const Services&, Authorization& authorization) {
    const Form& parameters = authorization.parameters;
    const identity::ScopeSet allowed = authorization.client->scopes;
    authorization.scopes = parameters.has("scope")
                               ? identity::ScopeSet::parse_known(parameters.value("scope")) & allowed
                               : identity::ScopeSet::usual() & allowed;
    if (authorization.scopes.empty()) {
        return OAuthError{ErrorCode::invalid_scope, "None of these scopes may be given to this client."};
    }
    return std::nullopt;
}

}  // namespace quell::oauth
