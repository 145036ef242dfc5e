// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "egress/credentials.hpp"
#include "egress/http_message.hpp"

namespace quell::egress {

struct TokenAnswer {
    SecretString access_token;
    std::chrono::seconds lifetime{0};
    const Url* home = nullptr;  // the cloud that it is good for, if the grant has regions
};

// To the grant's token_url: the form of RFC 6749 4.4.2, with the secret or with a client assertion
// (RFC 7523 3) of five minutes.
HttpRequest token_request(const TokenGrant& grant, WallTime now);

// The token of a 200 or 201 answer. Everything else becomes an error that names the connector and
// the settings to look at, and of the answer only codes that RFC 6749 5.2 or RFC 9449 define:
// unauthenticated (the client was refused), failed_precondition (DPoP demanded, scope, grant),
// permission_denied, resource_exhausted, unavailable, data_loss (no usable token in the answer).
Result<TokenAnswer> read_token_answer(HttpResponse response, const TokenGrant& grant,
                                      std::string_view connector);

}  // namespace quell::egress
