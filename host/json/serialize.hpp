// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "json/value.hpp"

namespace quell::json {

std::string serialize(const Value& value);
std::string serialize(const Object& object);
// The same text at the end of `out`, for answers that are put together in one string.
void append(std::string& out, const Value& value);
void append(std::string& out, const Object& object);
// A JSON text of serialize() as a JSON string: it holds no control characters, so two kinds of characters are escaped.
void append_quoted(std::string& out, std::string_view json_text);

// One text for one meaning, for digests: members sorted by the bytes of their names, no white
// space, and numbers of the same value alike (1, 1.0 and 1e0 are "1"). Two values are equal()
// exactly if their canonical texts are.
std::string canonical(const Value& value);

}  // namespace quell::json
