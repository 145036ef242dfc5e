// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace quell::inline v1 {

// A moment in UTC.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

namespace detail {

// Takes exactly `digits` decimal digits off the front of `text`.
inline std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    int value = 0;
    if (text.size() < digits)
        return std::nullopt;
    for (const char digit : text.substr(0, digits)) {
        if (digit < '0' || digit > '9')
            return std::nullopt;
        value = value * 10 + (digit - '0');
    }
    text.remove_prefix(digits);
    return value;
}

inline bool take_character(std::string_view& text, std::string_view allowed) {
    if (text.empty() || allowed.find(text.front()) == std::string_view::npos)
        return false;
    text.remove_prefix(1);
    return true;
}

inline std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
    const auto year = take_number(text, 4);
    const bool first = take_character(text, "-");
    const auto month = take_number(text, 2);
    const bool second = take_character(text, "-");
    const auto day = take_number(text, 2);
    if (!year || !month || !day || !first || !second)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days{date};
}

inline std::optional<std::chrono::seconds> take_clock(std::string_view& text) {
    const auto hours = take_number(text, 2);
    const bool first = take_character(text, ":");
    const auto minutes = take_number(text, 2);
    const bool second = take_character(text, ":");
    const auto seconds = take_number(text, 2);
    if (!hours || !minutes || !seconds || !first || !second)
        return std::nullopt;
    if (*hours > 23 || *minutes > 59 || *seconds > 60)
        return std::nullopt;
    return std::chrono::hours{*hours} + std::chrono::minutes{*minutes} +
           std::chrono::seconds{*seconds};
}

// Digits after the third are cut off.
inline std::chrono::milliseconds take_fraction(std::string_view& text) {
    int value = 0;
    int scale = 100;
    if (!take_character(text, "."))
        return std::chrono::milliseconds{0};
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        value += (text.front() - '0') * scale;
        scale /= 10;
        text.remove_prefix(1);
    }
    return std::chrono::milliseconds{value};
}

inline std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
    if (take_character(text, "Zz"))
        return std::chrono::minutes{0};
    const bool west = !text.empty() && text.front() == '-';
    if (!take_character(text, "+-"))
        return std::nullopt;
    const auto hours = take_number(text, 2);
    const bool colon = take_character(text, ":");
    const auto minutes = take_number(text, 2);
    if (!hours || !minutes || !colon || *hours > 23 || *minutes > 59)
        return std::nullopt;
    const auto offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
    return west ? -offset : offset;
}

}  // namespace detail

// RFC 3339, with any offset. Nothing for other text.
inline std::optional<Time> parse_time(std::string_view text) {
    const auto date = detail::take_date(text);
    if (!date || !detail::take_character(text, "Tt "))
        return std::nullopt;
    const auto clock = detail::take_clock(text);
    if (!clock)
        return std::nullopt;
    const auto fraction = detail::take_fraction(text);
    const auto offset = detail::take_offset(text);
    if (!offset || !text.empty())
        return std::nullopt;
    return Time{*date} + *clock + fraction - *offset;
}

// HTTP's Date header (RFC 9110 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT". Nothing for other text.
inline std::optional<Time> parse_http_date(std::string_view text) {
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() != 29 || text.substr(3, 2) != ", " || !text.ends_with(" GMT"))
        return std::nullopt;
    std::string_view rest = text.substr(5, 20);
    const auto day = detail::take_number(rest, 2);
    const auto month = rest.size() < 5 ? rest.npos : kMonths.find(rest.substr(1, 3));
    if (!day || month == rest.npos || month % 3 != 0 || rest[0] != ' ' || rest[4] != ' ')
        return std::nullopt;
    rest.remove_prefix(5);
    const auto year = detail::take_number(rest, 4);
    const bool space = detail::take_character(rest, " ");
    const auto clock = detail::take_clock(rest);
    if (!year || !space || !clock)
        return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(month / 3 + 1)},
        std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok())
        return std::nullopt;
    return Time{std::chrono::sys_days{date}} + *clock;
}

// RFC 3339 in UTC with milliseconds: "2026-01-01T00:00:00.000Z".
inline std::string format_time(Time time) {
    const auto days = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{days};
    const std::chrono::hh_mm_ss clock{time - days};
    char text[40];
    const int length = std::snprintf(
        text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return std::string(text, static_cast<std::size_t>(length));
}

}  // namespace quell::inline v1
