// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/authorization.hpp"

namespace quell::oauth {

// RFC 6749 4.1.2.1: a missing, repeated or unknown client is told to the person, never redirected.
Refusal check_client(const Services& services, Authorization& authorization) {
    const Form& parameters = authorization.parameters;
    if (!parameters.has("client_id") || parameters.repeats("client_id")) {
        return OAuthError{ErrorCode::unverified_request, "The parameter client_id is needed, once."};
    }
    auto found = services.clients.find(parameters.value("client_id"));
    if (!found) {
        return to_oauth(found.error());
    }
    if (!*found) {
        return OAuthError{ErrorCode::unverified_request, "This client is not known here. It may have been deleted."};
    }
    authorization.client = **std::move(found);
    return std::nullopt;
}

}  // namespace quell::oauth
