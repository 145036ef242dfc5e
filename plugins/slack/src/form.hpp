// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace slack {

// The fields of application/x-www-form-urlencoded; nothing for text that is not such a form, that
// holds a field twice, or more than 64.
using Form = std::map<std::string, std::string, std::less<>>;
std::optional<Form> parse_form(std::string_view body);

// The field, or an empty text.
std::string_view field(const Form& form, std::string_view name);

}  // namespace slack
