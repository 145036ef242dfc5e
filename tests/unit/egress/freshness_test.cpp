// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/freshness.hpp"

#include <gtest/gtest.h>

namespace quell::egress {
namespace {

using std::chrono::seconds;

const WallTime kNow = from_unix_millis(1'800'000'000'000);  // Fri, 15 Jan 2027 08:00:00 GMT

std::optional<seconds> of(std::vector<Header> headers) { return freshness({.status = 200, .headers = std::move(headers)}, kNow); }

struct Case {
    std::string cache_control;
    std::int64_t seconds;
};

class CacheControl : public testing::TestWithParam<Case> {};

TEST_P(CacheControl, SaysHowLong) {
    EXPECT_EQ(of({{"cache-control", GetParam().cache_control}}), std::optional(seconds(GetParam().seconds)))
        << GetParam().cache_control;
}

INSTANTIATE_TEST_SUITE_P(Freshness, CacheControl,
                         testing::Values(Case{"max-age=60", 60}, Case{"public, max-age=60", 60},
                                         Case{"MAX-AGE=60", 60}, Case{"max-age=\"60\"", 60},
                                         Case{"max-age = 60", 60}, Case{"max-age=60, s-maxage=5", 5},
                                         Case{"s-maxage=90, max-age=1", 90}, Case{"no-store", 0},
                                         Case{"max-age=60, no-store", 0}, Case{"no-cache, max-age=60", 0},
                                         Case{"private, max-age=60", 0}, Case{"max-age=-5", 0},
                                         Case{"max-age=abc", 0}, Case{"max-age", 0}, Case{",,max-age=7,", 7},
                                         Case{"max-age=99999999999999999999", 365 * 24 * 3600}));

TEST(Freshness, IsUnknownIfTheAnswerSaysNothing) {
    EXPECT_EQ(of({}), std::nullopt);
    EXPECT_EQ(of({{"cache-control", "public"}}), std::nullopt);
    EXPECT_EQ(of({{"cache-control", ""}}), std::nullopt);
}

TEST(Freshness, CountsTheTimeInOtherCaches) {
    EXPECT_EQ(of({{"cache-control", "max-age=60"}, {"age", "50"}}), std::optional(seconds(10)));
    EXPECT_EQ(of({{"cache-control", "max-age=60"}, {"age", "70"}}), std::optional(seconds(0)));
}

TEST(Freshness, ReadsAllFieldsOfTheName) {
    EXPECT_EQ(of({{"cache-control", "max-age=60"}, {"cache-control", "no-store"}}), std::optional(seconds(0)));
}

TEST(Freshness, TakesExpiresByTheSendersClock) {
    EXPECT_EQ(of({{"date", "Fri, 15 Jan 2027 06:00:00 GMT"}, {"expires", "Fri, 15 Jan 2027 06:01:00 GMT"}}),
              std::optional(seconds(60)));
    EXPECT_EQ(of({{"expires", "Fri, 15 Jan 2027 08:02:00 GMT"}}), std::optional(seconds(120)));
    EXPECT_EQ(of({{"expires", "0"}}), std::optional(seconds(0)));
    EXPECT_EQ(of({{"cache-control", "max-age=5"}, {"expires", "Fri, 15 Jan 2027 08:02:00 GMT"}}),
              std::optional(seconds(5)));
}

}  // namespace
}  // namespace quell::egress
