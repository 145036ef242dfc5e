// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <string_view>

#include "base/result.hpp"

namespace quell {

// A length of time as people write it: "90s", "15m", "1h", "7d", "2w"; a number alone is seconds. At least one second, at
// most ten years; invalid_arguments otherwise.
Result<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace quell
