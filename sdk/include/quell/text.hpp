// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace quell::inline v1 {

constexpr char lower_case(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

inline std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char letter) { return lower_case(letter); });
    return lower;
}

// ASCII letters only, as host names, serial numbers and e-mail addresses compare.
constexpr bool equal_ignoring_case(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return lower_case(a) == lower_case(b); });
}

constexpr bool has_control_characters(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char letter) {
        return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
    });
}

constexpr bool is_hex(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char letter) {
        const char lower = lower_case(letter);
        return (lower >= '0' && lower <= '9') || (lower >= 'a' && lower <= 'f');
    });
}

// `text` with a backslash before each of the characters in `special` and before each backslash.
inline std::string backslash_escaped(std::string_view text, std::string_view special) {
    std::string escaped;
    escaped.reserve(text.size() + 8);
    for (const char letter : text) {
        if (letter == '\\' || special.find(letter) != std::string_view::npos)
            escaped += '\\';
        escaped += letter;
    }
    return escaped;
}

}  // namespace quell::inline v1
