// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

// A list of texts in one column.
namespace quell::store {

std::string to_json(const std::vector<std::string>& texts);
// What to_json wrote. Anything else in the column is damage and gives no text.
std::vector<std::string> from_json(std::string_view text);

}  // namespace quell::store
