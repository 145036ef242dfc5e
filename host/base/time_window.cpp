// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/time_window.hpp"

#include <date/tz.h>

#include <algorithm>
#include <optional>

namespace quell {
namespace {

constexpr std::chrono::minutes kDay{24 * 60};

Error malformed(std::string_view what) {
    return invalid_arguments("A time window " + std::string(what) + ": it looks like 09:00-17:00 Europe/Berlin.");
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "09:30" to minutes of the day, "24:00" included; nullopt otherwise.
std::optional<std::chrono::minutes> parse_clock(std::string_view text) {
    if (text.size() != 5 || text[2] != ':' || !is_digit(text[0]) || !is_digit(text[1]) || !is_digit(text[3]) ||
        !is_digit(text[4])) {
        return std::nullopt;
    }
    const int hour = (text[0] - '0') * 10 + (text[1] - '0');
    const int minute = (text[3] - '0') * 10 + (text[4] - '0');
    const std::chrono::minutes time{hour * 60 + minute};
    return minute < 60 && time <= kDay ? std::optional(time) : std::nullopt;
}

bool may_be_zone(std::string_view name) {
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '_' || c == '-' || c == '+';
    });
}

// nullptr for an unknown name; the library throws.
const date::time_zone* find_zone(std::string_view name) {
    if (!may_be_zone(name)) {
        return nullptr;
    }
    try {
        return date::locate_zone(name == "PST" ? "America/Los_Angeles" : name);
    } catch (const std::exception&) {
        return nullptr;
    }
}

}  // namespace

Result<TimeWindow> TimeWindow::parse(std::string_view text) {
    if (text.size() < 13 || text[5] != '-' || text[11] != ' ') {
        return malformed("has two times and a zone");
    }
    const auto start = parse_clock(text.substr(0, 5)), end = parse_clock(text.substr(6, 5));
    if (!start || !end || *start == kDay) {
        return malformed("has times from 00:00 to 23:59, or 24:00 as its end");
    }
    if (*start == *end) {
        return malformed("must not end when it starts");
    }
    const date::time_zone* const zone = find_zone(text.substr(12));
    if (zone == nullptr) {
        return malformed("needs a time zone by its IANA name");
    }
    return TimeWindow(std::string(text), *start, *end, zone);
}

bool TimeWindow::contains(WallTime time) const {
    const auto local = zone_->to_local(time);
    const auto of_day = local - date::floor<date::days>(local);
    return start_ < end_ ? of_day >= start_ && of_day < end_ : of_day >= start_ || of_day < end_;
}

}  // namespace quell
