// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <variant>

#include "http/message.hpp"
#include "oauth/errors.hpp"
#include "oauth/form.hpp"
#include "oauth/services.hpp"

namespace quell::oauth {

// Who asks at the token endpoint: client_secret_basic, client_secret_post or, for public clients, client_id alone.
// Two methods at once are invalid_request (OA-16). Unknown client, wrong or missing secret: one and the same
// invalid_client. Too many wrong ones for a client from one address: too_many_attempts (OA-15).
std::variant<identity::Client, OAuthError> authenticate_client(const Services& services, const http::Request& request,
                                                               const Form& form);

}  // namespace quell::oauth
