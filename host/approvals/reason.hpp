// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

#include "base/result.hpp"
#include "config/secret_settings.hpp"

namespace quell::approvals {

inline constexpr std::size_t kLongestReason = 2'000;  // bytes

// L28, AP-06: reason_required with the rule. White space at the ends does not count.
Result<void> check_reason(std::string_view reason, const config::ReasonRule& rule);

}  // namespace quell::approvals
