// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/terminal_text.hpp"

#include <fmt/format.h>

#include "base/encoding.hpp"

namespace quell::cli {
namespace {

struct Character {
    std::string_view bytes;
    unsigned code;
};

// The first character of well-formed UTF-8.
Character first_character(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    unsigned code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    return {text.substr(0, length), code};
}

bool is_between(unsigned code, unsigned first, unsigned last) {
    return code >= first && code <= last;
}

// Controls; zero-width and joining marks; line and paragraph separators; bidirectional marks, embeddings and isolates;
// the byte order mark; tags.
bool is_deceptive(unsigned code) {
    return code < 0x20 || is_between(code, 0x7F, 0x9F) || code == 0xAD || code == 0x061C ||
           is_between(code, 0x200B, 0x200F) || is_between(code, 0x2028, 0x202E) || is_between(code, 0x2060, 0x206F) ||
           code == 0xFEFF || is_between(code, 0xE0000, 0xE007F);
}

std::string escaped(unsigned code) {
    if (code < 0x10000) {
        return fmt::format("\\u{:04x}", code);
    }
    return fmt::format("\\u{:04x}\\u{:04x}", 0xD800U + ((code - 0x10000U) >> 10U), 0xDC00U + ((code - 0x10000U) & 0x3FFU));
}

}  // namespace

std::string for_terminal(std::string_view text) {
    if (!is_utf8(text)) {
        return "base64:" + to_base64(text);
    }
    std::string out;
    while (!text.empty()) {
        const Character next = first_character(text);
        out += is_deceptive(next.code) ? "?" : next.bytes;
        text.remove_prefix(next.bytes.size());
    }
    return out;
}

std::string to_ascii_json(std::string_view json) {
    std::string out;
    while (!json.empty()) {
        const Character next = first_character(json);
        out += next.code < 0x7F ? std::string(next.bytes) : escaped(next.code);
        json.remove_prefix(next.bytes.size());
    }
    return out;
}

}  // namespace quell::cli
