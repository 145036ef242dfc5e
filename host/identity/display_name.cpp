// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/display_name.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"

namespace quell::identity {
namespace {

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    });
}

// C1 controls are C2 80 to C2 9F.
bool has_c1_control(std::string_view text) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const auto next = static_cast<unsigned char>(text[i + 1]);
        if (static_cast<unsigned char>(text[i]) == 0xC2 && next >= 0x80 && next <= 0x9F) {
            return true;
        }
    }
    return false;
}

// Zero-width characters, bidirectional marks, embeddings and isolates, line separators, the byte order mark.
bool has_invisible(std::string_view text) {
    static constexpr std::array<std::string_view, 20> kInvisible = {
        "\u061C", "\u200B", "\u200C", "\u200D", "\u200E", "\u200F", "\u2028", "\u2029", "\u202A", "\u202B",
        "\u202C", "\u202D", "\u202E", "\u2060", "\u2066", "\u2067", "\u2068", "\u2069", "\uFEFF", "\u00AD"};
    return std::any_of(kInvisible.begin(), kInvisible.end(), [&](std::string_view mark) {
        return text.find(mark) != std::string_view::npos;
    });
}

}  // namespace

Result<void> check_display_name(std::string_view name) {
    const bool blank = name.find_first_not_of(' ') == std::string_view::npos;
    if (blank || name.size() > 100 || !is_utf8(name)) {
        return invalid_arguments("a name must be 1 to 100 bytes of UTF-8");
    }
    if (has_control(name) || has_c1_control(name) || has_invisible(name)) {
        return invalid_arguments("a name must not have control or invisible characters");
    }
    return {};
}

}  // namespace quell::identity
