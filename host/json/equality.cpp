// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/equality.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace quell::json {
namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;
constexpr double kTwoTo64 = 2 * kTwoTo63;

std::partial_ordering reversed(std::partial_ordering order) {
    return 0 <=> order;
}

// An integer against a double whose whole part fits the integer's type.
template <class Integer>
std::partial_ordering compare_in_range(Integer integer, double number) {
    const double whole = std::trunc(number);
    const auto other = static_cast<Integer>(whole);
    return integer != other ? std::partial_ordering(integer <=> other) : whole <=> number;
}

std::partial_ordering compare(std::int64_t integer, double number) {
    if (number >= kTwoTo63)
        return std::partial_ordering::less;
    if (number < -kTwoTo63)
        return std::partial_ordering::greater;
    return compare_in_range(integer, number);
}

std::partial_ordering compare(std::uint64_t integer, double number) {
    if (number >= kTwoTo64)
        return std::partial_ordering::less;
    if (number < 0)
        return std::partial_ordering::greater;
    return compare_in_range(integer, number);
}

std::partial_ordering compare(std::int64_t a, std::uint64_t b) {
    if (std::cmp_less(a, b))
        return std::partial_ordering::less;
    return std::cmp_equal(a, b) ? std::partial_ordering::equivalent
                                : std::partial_ordering::greater;
}

std::partial_ordering compare_with_int64(const Value& a, std::int64_t b) {
    if (a.is_int64())
        return a.get_int64() <=> b;
    return a.is_uint64() ? reversed(compare(b, a.get_uint64()))
                         : reversed(compare(b, a.get_double()));
}

std::partial_ordering compare_with_uint64(const Value& a, std::uint64_t b) {
    if (a.is_int64())
        return compare(a.get_int64(), b);
    return a.is_uint64() ? a.get_uint64() <=> b : reversed(compare(b, a.get_double()));
}

std::partial_ordering compare_with_double(const Value& a, double b) {
    if (a.is_int64())
        return compare(a.get_int64(), b);
    return a.is_uint64() ? compare(a.get_uint64(), b) : a.get_double() <=> b;
}

bool equal_arrays(const Array& a, const Array& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), equal);
}

bool equal_objects(const Object& a, const Object& b) {
    return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&b](const auto& member) {
               const Value* other = b.if_contains(member.key());
               return other != nullptr && equal(member.value(), *other);
           });
}

}  // namespace

std::partial_ordering compare_numbers(const Value& a, const Value& b) {
    if (b.is_int64())
        return compare_with_int64(a, b.get_int64());
    return b.is_uint64() ? compare_with_uint64(a, b.get_uint64())
                         : compare_with_double(a, b.get_double());
}

bool equal(const Value& a, const Value& b) {
    if (a.is_number() && b.is_number())
        return compare_numbers(a, b) == 0;
    if (a.kind() != b.kind())
        return false;
    switch (a.kind()) {
        case Kind::string:
            return text(a) == text(b);
        case Kind::array:
            return equal_arrays(a.get_array(), b.get_array());
        case Kind::object:
            return equal_objects(a.get_object(), b.get_object());
        case Kind::bool_:
            return a.get_bool() == b.get_bool();
        default:
            return true;
    }
}

}  // namespace quell::json
