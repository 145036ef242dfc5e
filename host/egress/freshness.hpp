// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"
#include "egress/http_message.hpp"

namespace quell::egress {

// For how long an answer may be used again without asking, for a cache that several people share (RFC 9111 4.2):
// s-maxage, max-age, else Expires, less its Age; 0 for no-store, no-cache and private. nullopt if it says nothing.
std::optional<std::chrono::seconds> freshness(const HttpResponse& response, WallTime now);

}  // namespace quell::egress
