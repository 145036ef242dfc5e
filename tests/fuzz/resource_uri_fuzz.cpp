// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/resource_uri.hpp"
#include "target.hpp"

namespace {

using quell::fuzz::require;

void check_name(const quell::ResourceUri& uri) {
    for (const std::string& segment : uri.segments()) {
        require(!segment.empty() && segment != "." && segment != "..");
        require(segment.find_first_of("/\\%*{}?# ") == std::string::npos);
    }
    const auto again = quell::ResourceUri::parse(uri.text());
    require(again && again->text() == uri.text());
    // A name is a pattern that matches itself alone.
    const auto same = quell::ResourcePattern::parse(uri.text());
    require(same && same->is_single() && same->matches(uri));
}

}  // namespace

// The first line is the name of a resource, the second a pattern: no name has two readings, no pattern reaches out of its kind.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = quell::fuzz::as_text(data, size);
    const std::size_t end = input.find('\n');
    const auto uri = quell::ResourceUri::parse(input.substr(0, end));
    const auto pattern = quell::ResourcePattern::parse(end == std::string_view::npos ? "" : input.substr(end + 1));
    if (uri) {
        check_name(*uri);
    }
    if (pattern) {
        require(!pattern->is_more_specific_than(*pattern));
        require(quell::ResourcePattern::parse(pattern->text()).has_value());
    }
    if (uri && pattern && pattern->matches(*uri)) {
        require(pattern->text().substr(10).starts_with(uri->kind() + "/"));
    }
    return 0;
}
