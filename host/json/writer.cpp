// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "json/serialize.hpp"

namespace quell::json {
namespace {

constexpr std::array<bool, 256> kNeedsEscape = [] {
    std::array<bool, 256> table{};
    std::fill_n(table.begin(), 0x20, true);
    table['"'] = table['\\'] = true;
    return table;
}();

bool needs_escape(char c) {
    return kNeedsEscape[static_cast<unsigned char>(c)];
}

void append_escape(std::string& out, char c) {
    static constexpr std::string_view kShort = "\b\f\n\r\t\"\\";
    static constexpr std::string_view kLetters = "bfnrt\"\\";
    out += '\\';
    if (const auto found = kShort.find(c); found != std::string_view::npos) {
        out += kLetters[found];
        return;
    }
    static constexpr std::string_view kHex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    out += "u00";
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
}

}  // namespace

// A comma goes before all that does not come first; a text value ends with its quote, so the last character tells.
bool Writer::is_first() const {
    const char last = out_.empty() ? '[' : out_.back();
    return last == '{' || last == '[' || last == ':';
}

void Writer::separate() {
    if (!is_first())
        out_ += ',';
}

void Writer::begin(char bracket) {
    separate();
    out_ += bracket;
}

void Writer::key(std::string_view name) {
    out_ += is_first() ? std::string_view("\"") : ",\"";
    out_ += name;
    out_ += "\":";
}

void Writer::value(std::string_view text) {
    separate();
    out_ += '"';
    auto begin = text.begin();  // of what has not been copied yet
    for (;;) {
        const auto found = std::find_if(begin, text.end(), needs_escape);
        out_.append(begin, found);
        if (found == text.end())
            break;
        append_escape(out_, *found);
        begin = found + 1;
    }
    out_ += '"';
}

void Writer::value(bool boolean) {
    raw(boolean ? "true" : "false");
}

void Writer::value(std::int64_t number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    raw({digits, static_cast<std::size_t>(end - digits)});
}

void Writer::value(std::nullptr_t) {
    raw("null");
}

void Writer::value(const Value& given) {
    switch (given.kind()) {
        case Kind::null: return value(nullptr);
        case Kind::bool_: return value(given.get_bool());
        case Kind::int64: return value(given.get_int64());
        case Kind::string: return value(text(given.get_string()));
        default:
            separate();
            append(out_, given);
    }
}

void Writer::value(const Object& given) {
    if (given.empty())
        return raw("{}");
    separate();
    append(out_, given);
}

void Writer::value(const std::vector<std::string>& texts) {
    begin_array();
    for (const std::string& text : texts)
        value(text);
    end_array();
}

void Writer::raw(std::string_view json_text) {
    separate();
    out_ += json_text;
}

}  // namespace quell::json
