// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quell::cli {

// The words of a command line with the model product's commands in ours: `mcp:approve ID` is `approvals approve ID` (L16 to
// L18, L24, L35). Only the command itself is looked at, never what follows it.
std::vector<std::string> in_own_words(const std::vector<std::string_view>& words);

}  // namespace quell::cli
