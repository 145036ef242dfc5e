// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/form.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace quell::http {
namespace {

constexpr std::size_t kMaxBytes = 16 * 1024;
constexpr std::size_t kMaxParameters = 64;

Error refusal(std::string_view why) {
    return {Code::invalid_argument, "invalid_request", "The parameters " + std::string(why) + "."};
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    });
}

std::optional<std::string> decode(std::string_view text) {
    auto decoded = percent_decode(text, true);
    const bool good = decoded && is_utf8(*decoded) && !has_control(*decoded);
    return good ? std::move(decoded) : std::nullopt;
}

// The text before the separator; `rest` becomes what follows it.
std::string_view take_until(char separator, std::string_view& rest) {
    const std::size_t end = rest.find(separator);
    const std::string_view taken = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    return taken;
}

}  // namespace

Result<Form> Form::parse(std::string_view text) {
    if (text.size() > kMaxBytes) {
        return refusal("are longer than 16 KiB");
    }
    Form form;
    while (!text.empty()) {
        std::string_view value = take_until('&', text);
        if (value.empty()) {
            continue;
        }
        auto name = decode(take_until('=', value));
        auto decoded = decode(value);
        if (!name || !decoded) {
            return refusal("are not well-formed URL-encoded UTF-8 without control characters");
        }
        if (form.parameters_.size() == kMaxParameters) {
            return refusal("are more than 64");
        }
        form.parameters_.emplace_back(std::move(*name), std::move(*decoded));
    }
    return form;
}

std::string_view Form::value(std::string_view name) const {
    for (const auto& [key, value] : parameters_) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

std::string_view Form::first_repeated() const {
    for (const auto& [key, value] : parameters_) {
        if (repeats(key)) {
            return key;
        }
    }
    return {};
}

std::size_t Form::count(std::string_view name) const {
    return static_cast<std::size_t>(std::count_if(parameters_.begin(), parameters_.end(),
                                                  [&](const auto& parameter) { return parameter.first == name; }));
}

}  // namespace quell::http
