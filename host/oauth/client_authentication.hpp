// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/task.hpp"
#include "http/message.hpp"
#include "oauth/form.hpp"
#include "oauth/services.hpp"

namespace quell::oauth {

// The posted form of a request that clients make themselves: no other body, no repeated parameter (OA-17, OA-18).
Result<Form> read_form(const http::Request& request);

// Who asks: client_secret_basic, client_secret_post, private_key_jwt or, for public clients, client_id alone. The
// errors' keys are the wire's words. Two methods at once are invalid_request (OA-16). Unknown client, wrong or missing
// proof: one and the same invalid_client. Too many wrong ones for a client from one address: rate_limited (OA-15).
base::Task<identity::Client> authenticate_client(const Services& services, const http::Request& request,
                                                 const Form& form);

}  // namespace quell::oauth
