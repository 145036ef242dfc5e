// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/clock.hpp"

#include <charconv>

namespace quell {
namespace {

// Reads exactly `width` digits at `position`; -1 where they are not digits.
int digits(std::string_view text, std::size_t position, std::size_t width) {
    int value = 0;
    const auto part = text.substr(position, width);
    const auto [end, failure] = std::from_chars(part.data(), part.data() + part.size(), value);
    const bool whole = failure == std::errc{} && end == part.data() + width && part[0] != '-';
    return whole ? value : -1;
}

// Every record and answer has a time; a formatting library takes ten times as long.
void put_digits(std::string& text, std::size_t position, std::size_t width, std::int64_t value) {
    for (std::size_t i = position + width; i > position; --i) {
        text[i - 1] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
}

bool has_separators(std::string_view text) {
    return text.size() >= 20 && text.back() == 'Z' && text[4] == '-' && text[7] == '-' && text[10] == 'T' &&
           text[13] == ':' && text[16] == ':';
}

// ".5Z", ".678Z" or "Z" to milliseconds; -1 where it is anything else.
int fraction_millis(std::string_view rest) {
    if (rest == "Z") {
        return 0;
    }
    if (rest.front() != '.' || rest.size() < 3 || rest.size() > 5) {
        return -1;
    }
    const std::size_t width = rest.size() - 2;
    const int value = digits(rest, 1, width);
    static constexpr int kScale[] = {0, 100, 10, 1};
    return value < 0 ? -1 : value * kScale[width];
}

}  // namespace

WallTime wall_now() {
    return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
}

std::int64_t unix_millis(WallTime time) {
    return time.time_since_epoch().count();
}

WallTime from_unix_millis(std::int64_t millis) {
    return WallTime(Millis(millis));
}

std::string to_rfc3339(WallTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    std::string text = "0000-00-00T00:00:00.000Z";
    put_digits(text, 0, 4, static_cast<int>(date.year()));
    put_digits(text, 5, 2, static_cast<unsigned>(date.month()));
    put_digits(text, 8, 2, static_cast<unsigned>(date.day()));
    put_digits(text, 11, 2, clock.hours().count());
    put_digits(text, 14, 2, clock.minutes().count());
    put_digits(text, 17, 2, clock.seconds().count());
    put_digits(text, 20, 3, clock.subseconds().count());
    return text;
}

Result<WallTime> parse_rfc3339(std::string_view text) {
    const Error bad = invalid_arguments("a time must look like 2026-11-21T03:04:05Z");
    if (!has_separators(text)) {
        return bad;
    }
    const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    const int fraction = fraction_millis(text.substr(19));
    const std::chrono::year_month_day date(std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day)));
    const bool in_range = year >= 0 && month > 0 && day > 0 && date.ok() && hour >= 0 && hour < 24 &&
                          minute >= 0 && minute < 60 && second >= 0 && second < 60 && fraction >= 0;
    if (!in_range) {
        return bad;
    }
    return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second) + Millis(fraction);
}

}  // namespace quell
