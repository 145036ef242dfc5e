// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/allow_list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "egress/url.hpp"

namespace quell::egress {
namespace {

Error bad_pattern(std::string_view text) {
    return Error(
        Code::invalid_argument, "connector_misconfigured",
        fmt::format("The egress entry \"{}\" is not of the form host:port or *.example.com:port.",
                    text));
}

bool has_port(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    return colon != std::string_view::npos && colon + 1 < text.size() &&
           std::ranges::all_of(text.substr(colon + 1), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

// The host goes through the same parser as requests do, so that both have one spelling.
Result<AllowList::Pattern> AllowList::read(std::string_view text) {
    const bool wildcard = text.starts_with("*.");
    const std::string_view plain = wildcard ? text.substr(2) : text;
    if (!has_port(plain) || plain.find_first_of("/?@*") != std::string_view::npos) {
        return bad_pattern(text);
    }
    const auto url = Url::parse(fmt::format("https://{}/", plain));
    // A wildcard directly below a top-level name would be nearly everything.
    if (!url || (wildcard && url->host().find('.') == std::string::npos)) {
        return bad_pattern(text);
    }
    return Pattern{
        .host = (wildcard ? "." : "") + url->host(), .port = url->port(), .wildcard = wildcard};
}

Result<AllowList> AllowList::make(const std::vector<std::string>& patterns) {
    AllowList list;
    for (const std::string& text : patterns) {
        TRY(Pattern pattern, read(text));
        list.patterns_.push_back(std::move(pattern));
    }
    return list;
}

bool AllowList::allows(std::string_view host, std::uint16_t port) const {
    return std::ranges::any_of(patterns_, [&](const Pattern& pattern) {
        const bool matches = pattern.wildcard
                                 ? host.ends_with(pattern.host) && host.size() > pattern.host.size()
                                 : host == pattern.host;
        return matches && port == pattern.port;
    });
}

}  // namespace quell::egress
