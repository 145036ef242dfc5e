// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/retry_after.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>

namespace quell::egress {
namespace {

constexpr std::int64_t kLargestSeconds = 100'000'000'000;  // above it an epoch is in milliseconds
constexpr Millis kLongest = std::chrono::hours(1);

const std::string* find(const HttpResponse& response, std::string_view name) {
    const auto found = std::ranges::find(response.headers, name, &Header::name);
    return found == response.headers.end() ? nullptr : &found->value;
}

std::optional<std::int64_t> whole_number(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool good = failure == std::errc() && end == text.data() + text.size() && number >= 0;
    return good ? std::optional(number) : std::nullopt;
}

std::optional<WallTime> http_date(const std::string& text) {
    const std::time_t seconds = curl_getdate(text.c_str(), nullptr);
    return seconds < 0 ? std::nullopt : std::optional(from_unix_millis(std::int64_t{seconds} * 1000));
}

// The vendors' clocks differ from ours, and their moments are meant by theirs.
WallTime providers_now(const HttpResponse& response, WallTime ours) {
    const std::string* const date = find(response, "date");
    return date == nullptr ? ours : http_date(*date).value_or(ours);
}

Millis clamped(Millis wait) { return std::clamp(wait, Millis(0), kLongest); }

std::optional<Millis> until_epoch(const std::string* text, WallTime now) {
    const auto epoch = text == nullptr ? std::nullopt : whole_number(*text);
    if (!epoch || *epoch == 0 || *epoch > kLargestSeconds * 1000) {
        return std::nullopt;
    }
    return clamped(from_unix_millis(*epoch > kLargestSeconds ? *epoch : *epoch * 1000) - now);
}

std::optional<Millis> standard(const std::string& text, WallTime now) {
    if (const auto seconds = whole_number(text)) {
        return clamped(std::chrono::seconds(std::min<std::int64_t>(*seconds, kLargestSeconds)));
    }
    const auto moment = http_date(text);
    return moment ? std::optional(clamped(*moment - now)) : std::nullopt;
}

}  // namespace

std::optional<Millis> retry_after(const HttpResponse& response, WallTime ours) {
    if (response.status != 429 && response.status != 503) {
        return std::nullopt;
    }
    const WallTime now = providers_now(response, ours);
    const std::string* const text = find(response, "retry-after");
    if (const auto wait = text == nullptr ? std::nullopt : standard(*text, now)) {
        return wait;
    }
    if (const auto wait = until_epoch(find(response, "x-ratelimit-retryafter"), now)) {
        return wait;
    }
    // Okta's concurrency limit shows a limit of 0, and then its reset is a guess (PROVIDERS.md 5).
    const std::string* const limit = find(response, "x-rate-limit-limit");
    const bool is_guess = limit != nullptr && *limit == "0";
    return is_guess ? std::nullopt : until_epoch(find(response, "x-rate-limit-reset"), now);
}

void set_retry_after(HttpResponse& response, Millis wait) {
    std::erase_if(response.headers, [](const Header& header) { return header.name == "retry-after"; });
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait);
    response.headers.push_back({.name = "retry-after", .value = std::to_string(seconds.count())});
}

}  // namespace quell::egress
