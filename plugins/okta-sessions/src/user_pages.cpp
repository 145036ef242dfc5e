// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "user_pages.hpp"

#include <charconv>
#include <quell/text.hpp>
#include <string_view>

namespace okta_sessions {
namespace {

constexpr std::size_t kLongestCursor = 512;

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            decoded += text[at];
            continue;
        }
        unsigned byte = 0;
        const std::string_view digits = text.substr(at + 1, 2);
        if (digits.size() < 2 || !quell::is_hex(digits))
            return std::nullopt;
        std::from_chars(digits.data(), digits.data() + 2, byte, 16);
        decoded += static_cast<char>(byte);
        at += 2;
    }
    return decoded;
}

// The parameter `after` of a URL; empty if there is none that can be used.
std::string cursor_of(std::string_view url) {
    const auto mark = url.find('?');
    std::string_view query = mark == std::string_view::npos ? "" : url.substr(mark + 1);
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (!pair.starts_with("after="))
            continue;
        auto cursor = percent_decoded(pair.substr(6));
        const bool usable =
            cursor && cursor->size() <= kLongestCursor && !quell::has_control_characters(*cursor);
        return usable ? *std::move(cursor) : "";
    }
    return "";
}

}  // namespace

// Link: <https://...?after=X>; rel="next", which may stand beside others in one header.
std::optional<std::string> next_cursor(const quell::HttpResponse& response) {
    for (const quell::HttpHeader& header : response.headers) {
        if (!quell::equal_ignoring_case(header.name, "link"))
            continue;
        std::string_view rest = header.value;
        for (auto open = rest.find('<'); open != std::string_view::npos; open = rest.find('<')) {
            const auto close = rest.find('>', open);
            if (close == std::string_view::npos)
                break;
            const std::string_view url = rest.substr(open + 1, close - open - 1);
            rest.remove_prefix(close + 1);
            if (rest.substr(0, rest.find('<')).find("rel=\"next\"") != std::string_view::npos)
                return cursor_of(url);
        }
    }
    return std::nullopt;
}

}  // namespace okta_sessions
