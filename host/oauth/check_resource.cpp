// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/authorization.hpp"

namespace quell::oauth {

// RFC 8707: this server issues tokens for one resource (OA-12). Older clients name none.
Refusal check_resource(const Services& services, Authorization& authorization) {
    const Form& parameters = authorization.parameters;
    if (parameters.has("resource") && parameters.value("resource") != services.tokens.audience()) {
        return OAuthError{ErrorCode::invalid_target, "The resource is not " + services.tokens.audience() + "."};
    }
    return std::nullopt;
}

}  // namespace quell::oauth
