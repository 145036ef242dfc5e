// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/authorization.hpp"

namespace quell::oauth {

// RFC 6749 3.1: request parameters must not be included more than once (OA-17).
Refusal check_repeated(const Services&, Authorization& authorization) {
    const std::string_view repeated = authorization.parameters.first_repeated();
    if (repeated.empty()) {
        return std::nullopt;
    }
    return OAuthError{ErrorCode::invalid_request, "A parameter came more than once."};
}

}  // namespace quell::oauth
