// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "sticky_cookies.hpp"

#include <algorithm>
#include <array>
#include <quell/text.hpp>

namespace jamf {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"jpro-ingress", "APBALANCEID", "JSESSIONID"};
constexpr std::size_t kLongestValue = 1024;

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Splits off what stands before the first `separator`; the rest stays in `text`.
std::string_view next_part(std::string_view& text, char separator) {
    const std::string_view part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    return trimmed(part);
}

// RFC 6265 4.1.1, cookie-octet.
bool is_cookie_value(std::string_view value) {
    return value.size() <= kLongestValue && std::all_of(value.begin(), value.end(), [](char octet) {
               return octet > ' ' && octet < '\x7f' &&
                      std::string_view("\",;\\").find(octet) == std::string_view::npos;
           });
}

// How servers end a cookie: no lifetime left, or a date long past.
bool ends(std::string_view attributes) {
    while (!attributes.empty()) {
        std::string_view attribute = next_part(attributes, ';');
        const std::string_view name = next_part(attribute, '=');
        const std::string_view value = trimmed(attribute);
        if (quell::equal_ignoring_case(name, "max-age"))
            return value.starts_with('-') || value == "0";
        if (quell::equal_ignoring_case(name, "expires") &&
            value.find("1970") != std::string_view::npos)
            return true;
    }
    return false;
}

}  // namespace

void StickyCookies::take(const quell::HttpResponse& response) {
    for (const quell::HttpHeader& header : response.headers) {
        if (quell::equal_ignoring_case(header.name, "set-cookie"))
            take_line(header.value);
    }
}

void StickyCookies::take_line(std::string_view line) {
    std::string_view pair = next_part(line, ';');
    const std::string_view name = next_part(pair, '=');
    const std::string_view value = trimmed(pair);
    if (std::find(kNames.begin(), kNames.end(), name) == kNames.end())
        return;
    const std::lock_guard lock(mutex_);
    if (value.empty() || !is_cookie_value(value) || ends(line))
        values_.erase(std::string(name));
    else
        values_.insert_or_assign(std::string(name), std::string(value));
}

std::string StickyCookies::header() const {
    const std::lock_guard lock(mutex_);
    std::string joined;
    for (const auto& [name, value] : values_)
        joined.append(joined.empty() ? "" : "; ").append(name).append("=").append(value);
    return joined;
}

}  // namespace jamf
