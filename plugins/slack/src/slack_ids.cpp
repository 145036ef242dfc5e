// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "slack_ids.hpp"

#include <algorithm>

namespace slack {
namespace {

bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

bool is_capital_or_digit(char letter) {
    return (letter >= 'A' && letter <= 'Z') || is_digit(letter);
}

bool is_id_of(std::string_view text, std::string_view kinds) {
    return text.size() >= 2 && text.size() <= 32 && kinds.find(text.front()) != std::string_view::npos &&
           std::all_of(text.begin(), text.end(), is_capital_or_digit);
}

bool is_time_stamp(std::string_view text) {
    const auto dot = text.find('.');
    return dot != std::string_view::npos && dot > 0 && dot + 1 < text.size() && text.size() <= 32 &&
           std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(dot), is_digit) &&
           std::all_of(text.begin() + static_cast<std::ptrdiff_t>(dot) + 1, text.end(), is_digit);
}

}  // namespace

bool is_user_id(std::string_view text) {
    return is_id_of(text, "UW");
}

bool is_host_id(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char letter) {
        return is_capital_or_digit(letter) || (letter >= 'a' && letter <= 'z') || letter == '-' || letter == '_';
    });
}

std::string to_text(const MessageReference& message) {
    return message.channel + ":" + message.ts;
}

std::optional<MessageReference> parse_message_reference(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    MessageReference message{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
    if (!is_id_of(message.channel, "CDG") || !is_time_stamp(message.ts))
        return std::nullopt;
    return message;
}

}  // namespace slack
