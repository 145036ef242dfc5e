// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <compare>

#include "json/value.hpp"

namespace quell::json {

// Equality as JSON Schema means it: numbers by their mathematical value (1 == 1.0), objects without
// order.
bool equal(const Value& a, const Value& b);

// Exact order of two numbers of any kind, without rounding a 64-bit integer to a double. Both must
// be numbers.
std::partial_ordering compare_numbers(const Value& a, const Value& b);

}  // namespace quell::json
