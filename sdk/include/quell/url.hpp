// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quell::inline v1 {

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

// RFC 3986 2.3: everything but unreserved characters is encoded, so that a value can neither leave
// its path segment nor add a query parameter.
inline std::string percent_encoded(std::string_view text) {
    constexpr std::string_view kUnreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size() + 8);
    for (const char letter : text) {
        if (kUnreserved.find(letter) != std::string_view::npos) {
            encoded += letter;
            continue;
        }
        const auto byte = static_cast<unsigned char>(letter);
        encoded += '%';
        encoded += kDigits[byte >> 4U];
        encoded += kDigits[byte & 0x0fU];
    }
    return encoded;
}

// Joins a base URL (with or without a slash at its end), a path that starts with a slash and a
// query. The path is taken as it is: encode what comes from outside.
inline std::string make_url(std::string_view base, std::string_view path,
                            const QueryParameters& query = {}) {
    while (!base.empty() && base.back() == '/')
        base.remove_suffix(1);
    std::string url(base);
    url += path;
    char separator = '?';
    for (const auto& [name, value] : query) {
        url += separator;
        url += percent_encoded(name);
        url += '=';
        url += percent_encoded(value);
        separator = '&';
    }
    return url;
}

}  // namespace quell::inline v1
