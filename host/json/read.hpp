// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "json/value.hpp"

// Typed reads that turn a document into structs. A failure is invalid_arguments and names the
// member. Views and pointers live as long as the object. In the optional forms a missing member and
// null are both "none".
namespace quell::json {

// nullptr if there is no such member.
const Value* find(const Object& object, std::string_view name);

Result<const Object*> as_object(const Value& value, std::string_view what);

Result<std::string_view> string_member(const Object& object, std::string_view name);
Result<std::int64_t> integer_member(const Object& object, std::string_view name);
Result<bool> bool_member(const Object& object, std::string_view name);
Result<const Object*> object_member(const Object& object, std::string_view name);
Result<const Array*> array_member(const Object& object, std::string_view name);

Result<std::optional<std::string_view>> optional_string(const Object& object,
                                                        std::string_view name);
Result<std::optional<std::int64_t>> optional_integer(const Object& object, std::string_view name);
Result<std::optional<bool>> optional_bool(const Object& object, std::string_view name);
// nullptr is "none".
Result<const Object*> optional_object(const Object& object, std::string_view name);
Result<const Array*> optional_array(const Object& object, std::string_view name);

}  // namespace quell::json
