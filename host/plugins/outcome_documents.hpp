// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "json/value.hpp"

namespace quell::plugins {

// What the replies of all capabilities have in common. The documents are valid by their schemas, so members are of
// their types, or absent, or null where the schema admits it.
std::string text_at(const json::Object& object, std::string_view name);
std::optional<std::string> optional_text_at(const json::Object& object, std::string_view name);
std::optional<std::int64_t> optional_integer_at(const json::Object& object, std::string_view name);
json::Object object_at(const json::Object& object, std::string_view name);
json::Array to_array(const std::vector<std::string>& texts);

// The error of a failed outcome; one that says nothing is plugin_error.
Error outcome_error(const json::Object& outcome, std::string_view capability);

// INTERFACES.md 6: exactly one outcome for each id that was asked for, told by the member `id_name`.
Result<void> check_ids(const json::Array& outcomes, std::string_view id_name, std::vector<std::string> asked);

}  // namespace quell::plugins
