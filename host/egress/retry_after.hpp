// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>

#include "base/clock.hpp"
#include "egress/http_message.hpp"

namespace quell::egress {

// How long the provider asks to be left alone, from an answer 429 or 503; nothing if it does not say so
// understandably. Reads Retry-After (seconds or a date, RFC 9110 10.2.3) and the vendors' own forms (PROVIDERS.md 4
// and 5): X-RateLimit-RetryAfter and X-Rate-Limit-Reset, epochs in seconds, or in milliseconds above 1e11.
// Moments are compared with the provider's own clock (its Date header) where it shows one. At most an hour.
std::optional<Millis> retry_after(const HttpResponse& response, WallTime now);

// Writes the wait as Retry-After in whole seconds, rounded up, in place of what was there: one form for plugins.
void set_retry_after(HttpResponse& response, Millis wait);

}  // namespace quell::egress
