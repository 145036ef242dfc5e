// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "blocks.hpp"

namespace slack::blocks {

using nlohmann::json;

namespace {

// Slack counts characters; bytes are never fewer. Not through a character.
std::string cut(std::string_view text, std::size_t most) {
    std::size_t end = std::min(text.size(), most);
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return std::string(text.substr(0, end));
}

}  // namespace

json plain(std::string_view text, std::size_t most) {
    return {{"type", "plain_text"}, {"text", cut(text, most)}, {"emoji", false}};
}

json header(std::string_view text) {
    return {{"type", "header"}, {"text", plain(text, 150)}};
}

json section(std::string_view text) {
    return {{"type", "section"}, {"text", plain(text, 3000)}};
}

json small_print(const std::string& markup) {
    return {{"type", "context"}, {"elements", json::array({{{"type", "mrkdwn"}, {"text", markup}}})}};
}

json input(std::string_view id, std::string_view label, bool optional, bool several_lines) {
    json element = {{"type", "plain_text_input"}, {"action_id", id}, {"multiline", several_lines},
                    {"max_length", several_lines ? 1000 : 16}};
    return {{"type", "input"}, {"block_id", id}, {"optional", optional}, {"label", plain(label, 2000)},
            {"element", std::move(element)}};
}

json button(std::string_view action_id, std::string_view label, std::string_view value, std::string_view style) {
    return {{"type", "button"}, {"action_id", action_id}, {"text", plain(label, 75)}, {"value", value}, {"style", style}};
}

json actions(std::string_view block_id, json buttons) {
    return {{"type", "actions"}, {"block_id", block_id}, {"elements", std::move(buttons)}};
}

}  // namespace slack::blocks
