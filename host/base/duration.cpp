// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/duration.hpp"

#include <charconv>
#include <cstdint>

namespace quell {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kLongest = 3'650 * kDay;

// Seconds in a unit; 0 if there is no such unit.
std::int64_t seconds_in(std::string_view unit) {
    if (unit.empty() || unit == "s") {
        return 1;
    }
    if (unit.size() != 1) {
        return 0;
    }
    switch (unit.front()) {
        case 'm': return 60;
        case 'h': return 3'600;
        case 'd': return kDay;
        case 'w': return 7 * kDay;
        default: return 0;
    }
}

}  // namespace

Result<std::chrono::seconds> parse_duration(std::string_view text) {
    std::int64_t count = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::int64_t unit = seconds_in(text.substr(static_cast<std::size_t>(end - text.data())));
    if (failure != std::errc{} || unit == 0 || count < 1 || count > kLongest / unit) {
        return invalid_arguments("A length of time is a number and a unit, s, m, h, d or w, such as 90s, 1h or 7d.");
    }
    return std::chrono::seconds(count * unit);
}

}  // namespace quell
