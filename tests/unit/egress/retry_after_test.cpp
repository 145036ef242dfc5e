// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/retry_after.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quell::egress {
namespace {

using testing::Optional;

const WallTime kNow = *parse_rfc3339("2026-11-21T12:00:00Z");
constexpr std::int64_t kNowSeconds = 1'795'262'400;

std::optional<Millis> wait_of(std::vector<Header> headers, int status = 429) {
    return retry_after({.status = status, .headers = std::move(headers)}, kNow);
}

std::string epoch(std::int64_t seconds_ahead) { return std::to_string(kNowSeconds + seconds_ahead); }

// PF-01
TEST(RetryAfter, ReadsSecondsAndDates) {
    EXPECT_THAT(wait_of({{"retry-after", "7"}}), Optional(Millis(7'000)));
    EXPECT_THAT(wait_of({{"retry-after", "Sat, 21 Nov 2026 12:00:30 GMT"}}), Optional(Millis(30'000)));
    EXPECT_THAT(wait_of({{"retry-after", "7"}}, 503), Optional(Millis(7'000)));
}

TEST(RetryAfter, ReadsAnEpochInSecondsAndInMilliseconds) {
    EXPECT_THAT(wait_of({{"x-ratelimit-retryafter", epoch(20)}}), Optional(Millis(20'000)));
    EXPECT_THAT(wait_of({{"x-ratelimit-retryafter", epoch(20) + "000"}}), Optional(Millis(20'000)));
    EXPECT_THAT(wait_of({{"x-rate-limit-limit", "600"}, {"x-rate-limit-reset", epoch(9)}}), Optional(Millis(9'000)));
}

TEST(RetryAfter, ComparesMomentsWithTheProvidersOwnClock) {
    const Header slow_clock{"date", "Sat, 21 Nov 2026 11:50:00 GMT"};

    EXPECT_THAT(wait_of({slow_clock, {"x-rate-limit-reset", epoch(-595)}}), Optional(Millis(5'000)));
    EXPECT_THAT(wait_of({slow_clock, {"retry-after", "Sat, 21 Nov 2026 11:50:05 GMT"}}), Optional(Millis(5'000)));
}

TEST(RetryAfter, DoesNotTrustAResetOfOktasConcurrencyLimit) {
    EXPECT_EQ(wait_of({{"x-rate-limit-limit", "0"}, {"x-rate-limit-reset", epoch(50)}}), std::nullopt);
}

TEST(RetryAfter, IsBetweenNothingAndAnHour) {
    EXPECT_THAT(wait_of({{"x-rate-limit-reset", epoch(-60)}}), Optional(Millis(0)));
    EXPECT_THAT(wait_of({{"retry-after", "999999999999999999"}}), Optional(Millis(3'600'000)));
    EXPECT_THAT(wait_of({{"retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"}}), Optional(Millis(3'600'000)));
}

TEST(RetryAfter, DoesNotGuess) {
    for (const std::string text : {"", "soon", "-1", "7s", "99999999999999999999999"}) {
        EXPECT_EQ(wait_of({{"retry-after", text}}), std::nullopt) << text;
        EXPECT_EQ(wait_of({{"x-ratelimit-retryafter", text}}), std::nullopt) << text;
    }
    EXPECT_EQ(wait_of({}), std::nullopt);
    EXPECT_EQ(wait_of({{"retry-after", "7"}}, 200), std::nullopt);
}

TEST(RetryAfter, ReadsTheVendorsFormBesideAStandardOneThatMeansNothing) {
    for (const std::string text : {"", "soon", "-1", "NaN", "1e9", "99999999999999999999999"}) {
        EXPECT_THAT(wait_of({{"retry-after", text}, {"x-ratelimit-retryafter", epoch(20)}}), Optional(Millis(20'000)));
    }
}

TEST(RetryAfter, IsWrittenInSecondsWhateverFormTheProviderUsed) {
    HttpResponse response{.status = 429, .headers = {{"retry-after", "Sat, 21 Nov 2026 12:00:30 GMT"}}};

    set_retry_after(response, Millis(1'001));

    ASSERT_EQ(response.headers.size(), 1U);
    EXPECT_EQ(response.headers.front().value, "2");
}

}  // namespace
}  // namespace quell::egress
