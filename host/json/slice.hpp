// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace quell::json {

// Parts of a JSON text, byte for byte as they were written: for documents that are passed on, where parsing and writing
// again would change numbers and white space. The text must be one that parse() has accepted; for any other the answer
// means nothing, but nothing outside of the text is read. Views into it.

// The value of a member. Nothing for a text that is no object or has no such member; a name that is written with escapes
// is not found.
std::optional<std::string_view> member_text(std::string_view object, std::string_view name);

// The elements of an array; none for a text that is no array.
std::vector<std::string_view> element_texts(std::string_view array);

}  // namespace quell::json
