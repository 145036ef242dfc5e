// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace quell {

using Millis = std::chrono::milliseconds;
// Wall-clock time in whole milliseconds: what is stored and shown. Timeouts use steady_clock instead (DU-06).
using WallTime = std::chrono::time_point<std::chrono::system_clock, Millis>;

WallTime wall_now();
std::int64_t unix_millis(WallTime time);
WallTime from_unix_millis(std::int64_t millis);

// RFC 3339 in UTC with milliseconds: 2026-11-21T03:04:05.678Z.
std::string to_rfc3339(WallTime time);
// Takes the form above, with or without a fraction; UTC ("Z") only. invalid_arguments otherwise.
Result<WallTime> parse_rfc3339(std::string_view text);

}  // namespace quell
