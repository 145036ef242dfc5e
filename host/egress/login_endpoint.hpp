// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "egress/credentials.hpp"
#include "egress/http_message.hpp"
#include "egress/token_endpoint.hpp"

namespace quell::egress {

// The login's document, with the secrets that can be read anew read anew; the reader's error if one cannot.
Result<HttpRequest> login_request(const TokenLogin& login);
HttpRequest renewal_request(const TokenLogin& login, const SecretString& token);
HttpRequest check_request(const TokenLogin& login, const SecretString& token);

// The token of a 200 or 201 answer. Everything else becomes an error that names the connector and the settings to look
// at and holds nothing of the answer: unauthenticated (refused), failed_precondition (no such login),
// resource_exhausted, unavailable, data_loss (no usable token in the answer).
Result<TokenAnswer> read_login_answer(HttpResponse response, const TokenLogin& login, std::string_view connector);
// Nothing if the provider did not prolong the token's life.
std::optional<std::chrono::seconds> read_renewed_lifetime(const HttpResponse& response, const TokenLogin& login);

}  // namespace quell::egress
