// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/authorization.hpp"

namespace quell::oauth {

// OAuth 2.1 has the code alone; the implicit grant is gone (OA-14).
Refusal check_response_type(const Services&, Authorization& authorization) {
    const Form& parameters = authorization.parameters;
    if (!parameters.has("response_type")) {
        return OAuthError{ErrorCode::invalid_request, "The parameter response_type is needed."};
    }
    if (parameters.value("response_type") != "code") {
        return OAuthError{ErrorCode::unsupported_response_type, "response_type must be code."};
    }
    if (!authorization.client->may_use(identity::GrantType::authorization_code)) {
        return OAuthError{ErrorCode::unauthorized_client, "This client may not use the authorization code grant."};
    }
    return std::nullopt;
}

}  // namespace quell::oauth
