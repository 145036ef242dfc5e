// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/json/error.hpp>
#include <boost/json/value_stack.hpp>
#include <cstdint>
#include <forward_list>
#include <string>
#include <string_view>

#include "json/parse.hpp"

namespace quell::json {

// The events of Boost.JSON's basic_parser: builds the value and refuses what the grammar does not
// (parse.hpp). Lives for one parse, on the stack of parse().
class GuardHandler {
  public:
    static constexpr std::size_t max_object_size = Object::max_size();
    static constexpr std::size_t max_array_size = Array::max_size();
    static constexpr std::size_t max_key_size = String::max_size();
    static constexpr std::size_t max_string_size = String::max_size();

    enum class Refusal { none, duplicate_key, too_many_values, number_out_of_range };

    GuardHandler(std::string_view text, std::size_t max_values, Storage storage);

    Refusal refusal() const { return refusal_; }
    std::string_view duplicate_key() const { return duplicate_; }
    // Where the second member begins; the text's size if its name was escaped.
    std::size_t duplicate_offset() const;
    Value release() { return stack_.release(); }

    using Text = boost::json::string_view;
    using ErrorCode = boost::json::error_code;
    bool on_document_begin(ErrorCode&) { return true; }
    bool on_document_end(ErrorCode&) { return true; }
    bool on_object_begin(ErrorCode&) { return true; }
    bool on_object_end(std::size_t members, ErrorCode& error);
    bool on_array_begin(ErrorCode&) { return true; }
    bool on_array_end(std::size_t elements, ErrorCode& error);
    bool on_key_part(Text part, std::size_t total, ErrorCode& error);
    bool on_key(Text rest, std::size_t total, ErrorCode& error);
    bool on_string_part(Text part, std::size_t total, ErrorCode& error);
    bool on_string(Text rest, std::size_t total, ErrorCode& error);
    bool on_number_part(Text, ErrorCode&) { return true; }
    bool on_int64(std::int64_t number, Text, ErrorCode& error);
    bool on_uint64(std::uint64_t number, Text, ErrorCode& error);
    bool on_double(double number, Text digits, ErrorCode& error);
    bool on_bool(bool value, ErrorCode& error);
    bool on_null(ErrorCode& error);
    bool on_comment_part(Text, ErrorCode&) { return true; }
    bool on_comment(Text, ErrorCode&) { return true; }

  private:
    bool count_value(ErrorCode& error);
    bool refuse(Refusal refusal, ErrorCode& error);
    bool is_in_text(const char* place) const;
    bool has_duplicate(std::size_t members);
    bool has_duplicate_of_few(const std::string_view* keys, std::size_t count);
    bool has_duplicate_of_many(const std::string_view* keys, std::size_t count);

    std::string_view text_;
    std::size_t values_left_;
    Refusal refusal_ = Refusal::none;
    std::string_view duplicate_;
    alignas(Value) unsigned char scratch_[4096];
    boost::json::value_stack stack_;
    // The names of the members of all open objects, innermost last; views into the text or into
    // unescaped_.
    boost::container::small_vector<std::string_view, 64> keys_;
    std::string key_parts_;
    std::forward_list<std::string> unescaped_;  // hardly ever any
};

}  // namespace quell::json
