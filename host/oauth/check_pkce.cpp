// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/pkce.hpp"
#include "oauth/authorization.hpp"

namespace quell::oauth {

// PKCE with S256 is mandatory for every client (OA-03, OA-04). RFC 7636 4.3: an absent method means plain.
Refusal check_pkce(const Services&, Authorization& authorization) {
    const Form& parameters = authorization.parameters;
    if (!parameters.has("code_challenge")) {
        return OAuthError{ErrorCode::invalid_request, "The parameter code_challenge is needed (PKCE)."};
    }
    if (parameters.value("code_challenge_method") != "S256") {
        return OAuthError{ErrorCode::invalid_request, "code_challenge_method must be S256."};
    }
    if (!identity::is_code_challenge(parameters.value("code_challenge"))) {
        return OAuthError{ErrorCode::invalid_request, "code_challenge must be 43 characters of base64url."};
    }
    authorization.code_challenge = parameters.value("code_challenge");
    return std::nullopt;
}

}  // namespace quell::oauth
