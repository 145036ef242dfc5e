// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/serialize.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serializer.hpp>
#include <cmath>
#include <vector>

namespace quell::json {
namespace {

void append_all(std::string& out, boost::json::serializer& serializer) {
    char chunk[4096];
    while (!serializer.done()) {
        const auto part = serializer.read(chunk, sizeof chunk);
        out.append(part.data(), part.size());
    }
}

template <class T>
void append_text(std::string& out, const T& value) {
    boost::json::serializer serializer;
    serializer.reset(&value);
    append_all(out, serializer);
}

void append_canonical(std::string& out, const Value& value);

void append_canonical(std::string& out, const Array& array) {
    out += '[';
    for (std::size_t index = 0; index < array.size(); ++index) {
        if (index > 0)
            out += ',';
        append_canonical(out, array[index]);
    }
    out += ']';
}

void append_canonical(std::string& out, const Object& object) {
    std::vector<const Object::value_type*> members;
    members.reserve(object.size());
    for (const auto& member : object)
        members.push_back(&member);
    std::sort(members.begin(), members.end(), [](auto* a, auto* b) { return a->key() < b->key(); });
    out += '{';
    for (std::size_t index = 0; index < members.size(); ++index) {
        if (index > 0)
            out += ',';
        append_text(out, Value(members[index]->key()));
        out += ':';
        append_canonical(out, members[index]->value());
    }
    out += '}';
}

// A whole number that fits 64 bits is written as one, however it was read.
void append_number(std::string& out, double number) {
    constexpr double kTwoTo63 = 9223372036854775808.0;
    if (number != std::trunc(number) || number < -kTwoTo63 || number >= 2 * kTwoTo63)
        return append_text(out, Value(number));
    if (number < kTwoTo63)
        out += std::to_string(static_cast<std::int64_t>(number));
    else
        out += std::to_string(static_cast<std::uint64_t>(number));
}

void append_canonical(std::string& out, const Value& value) {
    if (const Object* object = value.if_object())
        return append_canonical(out, *object);
    if (const Array* array = value.if_array())
        return append_canonical(out, *array);
    if (const double* number = value.if_double())
        return append_number(out, *number);
    append_text(out, value);
}

}  // namespace

void append(std::string& out, const Value& value) {
    append_text(out, value);
}
void append(std::string& out, const Object& object) {
    append_text(out, object);
}

// How many characters go before each.
constexpr std::array<std::uint8_t, 256> kEscaped = [] {
    std::array<std::uint8_t, 256> table{};
    table['"'] = table['\\'] = 1;
    return table;
}();

// Without a branch for each character, since nobody can predict where quotes stand.
void append_quoted(std::string& out, std::string_view json_text) {
    const std::size_t begin = out.size();
    out.resize(begin + 2 * json_text.size() + 2);
    char* at = out.data() + begin;
    *at++ = '"';
    for (const char c : json_text) {
        *at = '\\';
        at += kEscaped[static_cast<unsigned char>(c)];
        *at++ = c;
    }
    *at++ = '"';
    out.resize(static_cast<std::size_t>(at - out.data()));
}

std::string serialize(const Value& value) {
    std::string out;
    append(out, value);
    return out;
}

std::string serialize(const Object& object) {
    std::string out;
    append(out, object);
    return out;
}

std::string canonical(const Value& value) {
    std::string out;
    append_canonical(out, value);
    return out;
}

}  // namespace quell::json
