// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "http/message.hpp"
#include "json/value.hpp"
#include "oauth/errors.hpp"

// The answers of the endpoints that clients call: JSON that no cache stores (RFC 6749 5.1 and 5.2, OA-18).
namespace quell::oauth {

http::Response json_answer(unsigned status, const json::Object& document);
// The error in OAuth's own shape, with WWW-Authenticate and Retry-After where they belong; the log says why.
http::Response refused(const http::Request& request, const OAuthError& error);

}  // namespace quell::oauth
