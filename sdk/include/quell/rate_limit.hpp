// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include <quell/call.hpp>

namespace quell::inline v1 {

// How long to wait before asking again, read from an answer with status 429; nothing if it does not
// say.
using ReadWait = std::optional<std::chrono::milliseconds> (*)(const HttpResponse&, Time now);

// An epoch that a provider gives as seconds or as milliseconds (above 1e11), as a wait from now.
// Clamped to 15 minutes: a bad clock on either side must not park a call for years.
inline std::chrono::milliseconds wait_until_epoch(std::int64_t epoch, Time now) {
    constexpr std::int64_t kLargestSeconds = 100'000'000'000;
    constexpr std::chrono::milliseconds kLongest = std::chrono::minutes{15};
    epoch = std::clamp<std::int64_t>(epoch, 0, kLargestSeconds * 1000);
    const std::chrono::milliseconds moment{epoch > kLargestSeconds ? epoch : epoch * 1000};
    return std::clamp(moment - now.time_since_epoch(), std::chrono::milliseconds{0}, kLongest);
}

// Sends, and waits out rate limits (status 429) as long as the wait ends before the call's
// deadline. A provider that answers 429 has not acted, so that repeating an acting request is safe.
inline Result<HttpResponse> send_within_limits(const Call& call, const HttpRequest& request,
                                               ReadWait read_wait) {
    constexpr int kMostTries = 3;
    constexpr std::chrono::milliseconds kReserve{1000};
    for (int attempt = 1;; ++attempt) {
        Result<HttpResponse> response = call.http().send(request);
        if (!response || response->status != 429 || attempt == kMostTries)
            return response;
        const auto wait = read_wait(*response, call.clock().now());
        if (!wait || *wait + kReserve > call.time_left())
            return response;
        if (const Result<void> slept = call.clock().sleep(*wait); !slept)
            return response;
    }
}

}  // namespace quell::inline v1
