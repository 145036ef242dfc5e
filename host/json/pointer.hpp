// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "json/value.hpp"

// JSON pointers (RFC 6901).
namespace quell::json {

// Adds "/name", with ~ and / escaped.
void append_token(std::string& pointer, std::string_view name);

// The value at `pointer` ("" is the document itself). not_found if there is none or the pointer is
// malformed.
Result<const Value*> resolve(const Value& document, std::string_view pointer);

// A name for a message: cut to 64 bytes at a character's border.
std::string shortened(std::string_view name);

}  // namespace quell::json
