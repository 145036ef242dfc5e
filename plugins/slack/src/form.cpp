// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "form.hpp"

#include <algorithm>
#include <charconv>
#include <quell/text.hpp>

namespace slack {
namespace {

constexpr std::size_t kMostFields = 64;

std::optional<std::string> decoded(std::string_view text) {
    std::string bytes;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            bytes += text[at] == '+' ? ' ' : text[at];
            continue;
        }
        const std::string_view digits = text.substr(at + 1, 2);
        unsigned byte = 0;
        if (digits.size() < 2 || !quell::is_hex(digits))
            return std::nullopt;
        std::from_chars(digits.data(), digits.data() + 2, byte, 16);
        bytes += static_cast<char>(byte);
        at += 2;
    }
    return bytes;
}

}  // namespace

std::optional<Form> parse_form(std::string_view body) {
    Form form;
    while (!body.empty()) {
        const std::string_view pair = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(body.size(), pair.size() + 1));
        const auto equals = pair.find('=');
        auto name = decoded(pair.substr(0, equals));
        auto value = decoded(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
        if (!name || !value || form.size() == kMostFields ||
            !form.emplace(*std::move(name), *std::move(value)).second)
            return std::nullopt;
    }
    return form;
}

std::string_view field(const Form& form, std::string_view name) {
    const auto found = form.find(name);
    return found == form.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace slack
