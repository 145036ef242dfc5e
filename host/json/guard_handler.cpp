// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/guard_handler.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <vector>

namespace quell::json {
namespace {

// Up to here comparing every pair is cheaper than sorting.
constexpr std::size_t kFewKeys = 12;

bool shorter_or_less(std::string_view a, std::string_view b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

}  // namespace

GuardHandler::GuardHandler(std::string_view text, std::size_t max_values, Storage storage)
    : text_(text), values_left_(max_values), stack_(Storage(), scratch_, sizeof scratch_) {
    stack_.reset(std::move(storage));
}

bool GuardHandler::is_in_text(const char* place) const {
    const std::less<const char*> before;
    return !before(place, text_.data()) && before(place, text_.data() + text_.size());
}

std::size_t GuardHandler::duplicate_offset() const {
    return is_in_text(duplicate_.data())
               ? static_cast<std::size_t>(duplicate_.data() - text_.data())
               : text_.size();
}

bool GuardHandler::refuse(Refusal refusal, ErrorCode& error) {
    refusal_ = refusal;
    error = boost::json::make_error_code(boost::json::error::exception);
    return false;
}

bool GuardHandler::count_value(ErrorCode& error) {
    if (values_left_ == 0)
        return refuse(Refusal::too_many_values, error);
    --values_left_;
    return true;
}

bool GuardHandler::on_object_end(std::size_t members, ErrorCode& error) {
    if (!count_value(error))
        return false;
    if (has_duplicate(members))
        return refuse(Refusal::duplicate_key, error);
    keys_.resize(keys_.size() - members);
    stack_.push_object(members);
    return true;
}

// HT-03: Boost.JSON would keep the last of two members, another parser the first; neither may
// decide.
bool GuardHandler::has_duplicate(std::size_t members) {
    const std::string_view* const keys = keys_.data() + (keys_.size() - members);
    return members <= kFewKeys ? has_duplicate_of_few(keys, members)
                               : has_duplicate_of_many(keys, members);
}

bool GuardHandler::has_duplicate_of_few(const std::string_view* keys, std::size_t count) {
    for (std::size_t later = 1; later < count; ++later) {
        if (std::find(keys, keys + later, keys[later]) != keys + later) {
            duplicate_ = keys[later];
            return true;
        }
    }
    return false;
}

// Sorting needs no hash that an attacker could make collide.
bool GuardHandler::has_duplicate_of_many(const std::string_view* keys, std::size_t count) {
    std::vector<std::string_view> sorted(keys, keys + count);
    std::sort(sorted.begin(), sorted.end(), shorter_or_less);
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice == sorted.end())
        return false;
    duplicate_ = std::max(*twice, *(twice + 1), [](std::string_view a, std::string_view b) {
        return std::less<const char*>()(a.data(), b.data());
    });
    return true;
}

bool GuardHandler::on_array_end(std::size_t elements, ErrorCode& error) {
    if (!count_value(error))
        return false;
    stack_.push_array(elements);
    return true;
}

bool GuardHandler::on_key_part(Text part, std::size_t, ErrorCode&) {
    key_parts_.append(part.data(), part.size());
    stack_.push_chars(part);
    return true;
}

// An escaped name arrives in a buffer of the parser that is gone after this call; every other one
// is a piece of the text and stays.
bool GuardHandler::on_key(Text rest, std::size_t, ErrorCode&) {
    if (key_parts_.empty() && is_in_text(rest.data())) {
        keys_.push_back({rest.data(), rest.size()});
    } else {
        key_parts_.append(rest.data(), rest.size());
        keys_.push_back(unescaped_.emplace_front(std::move(key_parts_)));
        key_parts_.clear();
    }
    stack_.push_key(rest);
    return true;
}

bool GuardHandler::on_string_part(Text part, std::size_t, ErrorCode&) {
    stack_.push_chars(part);
    return true;
}

bool GuardHandler::on_string(Text rest, std::size_t, ErrorCode& error) {
    if (!count_value(error))
        return false;
    stack_.push_string(rest);
    return true;
}

bool GuardHandler::on_int64(std::int64_t number, Text, ErrorCode& error) {
    if (!count_value(error))
        return false;
    stack_.push_int64(number);
    return true;
}

bool GuardHandler::on_uint64(std::uint64_t number, Text, ErrorCode& error) {
    if (!count_value(error))
        return false;
    stack_.push_uint64(number);
    return true;
}

// The parser's own conversion is off by a unit in the last place now and then, so that a number
// would change each time it is written and read. HT-04: 1e999 would become Infinity, which no JSON
// can say.
bool GuardHandler::on_double(double number, Text digits, ErrorCode& error) {
    if (!std::isfinite(number))
        return refuse(Refusal::number_out_of_range, error);
    if (!count_value(error))
        return false;
    double exact = number;
    const auto [end, status] = std::from_chars(digits.begin(), digits.end(), exact);
    if (status == std::errc::result_out_of_range && std::fabs(number) > 1)
        return refuse(Refusal::number_out_of_range, error);
    stack_.push_double(status == std::errc() && end == digits.end() ? exact : number);
    return true;
}

bool GuardHandler::on_bool(bool value, ErrorCode& error) {
    if (!count_value(error))
        return false;
    stack_.push_bool(value);
    return true;
}

bool GuardHandler::on_null(ErrorCode& error) {
    if (!count_value(error))
        return false;
    stack_.push_null();
    return true;
}

}  // namespace quell::json
