// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/pointer.hpp"

#include <charconv>
#include <optional>

namespace quell::json {
namespace {

constexpr std::size_t kShown = 64;

std::optional<std::string> unescape(std::string_view token) {
    std::string name;
    for (std::size_t index = 0; index < token.size(); ++index) {
        if (token[index] != '~') {
            name += token[index];
            continue;
        }
        if (++index == token.size() || (token[index] != '0' && token[index] != '1'))
            return std::nullopt;
        name += token[index] == '0' ? '~' : '/';
    }
    return name;
}

// RFC 6901 4: digits only, no leading zero.
const Value* element(const Array& array, std::string_view token) {
    if (token.empty() || (token.size() > 1 && token[0] == '0'))
        return nullptr;
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
    if (error != std::errc() || end != token.data() + token.size() || index >= array.size())
        return nullptr;
    return &array[index];
}

const Value* child(const Value& value, std::string_view token) {
    if (const Array* array = value.if_array())
        return element(*array, token);
    const Object* object = value.if_object();
    const auto name = unescape(token);
    return object == nullptr || !name ? nullptr : object->if_contains(*name);
}

Error nothing_there() {
    return {Code::not_found, "invalid_arguments", "There is no value at this JSON pointer."};
}

}  // namespace

void append_token(std::string& pointer, std::string_view name) {
    pointer += '/';
    for (const char character : name) {
        if (character == '~')
            pointer += "~0";
        else if (character == '/')
            pointer += "~1";
        else
            pointer += character;
    }
}

Result<const Value*> resolve(const Value& document, std::string_view pointer) {
    const Value* value = &document;
    while (!pointer.empty()) {
        if (pointer.front() != '/')
            return nothing_there();
        pointer.remove_prefix(1);
        const std::string_view token = pointer.substr(0, pointer.find('/'));
        pointer.remove_prefix(token.size());
        value = child(*value, token);
        if (value == nullptr)
            return nothing_there();
    }
    return value;
}

std::string shortened(std::string_view name) {
    if (name.size() <= kShown)
        return std::string(name);
    std::size_t end = kShown;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U)
        --end;
    return std::string(name.substr(0, end)) + "...";
}

}  // namespace quell::json
