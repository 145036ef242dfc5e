// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "egress/credentials.hpp"
#include "egress/http_message.hpp"

namespace quell::egress {

// The cloud that a token answer names as the client's home: one of the grant's regions, which outlive the result.
// Any other value, or none, is connector_misconfigured; it is the provider's text and is not repeated.
Result<const Url*> home_of(const HttpResponse& answer, const Regions& regions, std::string_view connector);

// Ends a token at the client's home (RFC 7009 2.1), where the token is known.
Result<HttpRequest> revocation_request(const TokenGrant& grant, const Url& home, const SecretString& token);

}  // namespace quell::egress
