// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "policy/rate_limiter.hpp"

#include <gtest/gtest.h>

namespace quell::policy {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// L42+
TEST(RateLimiter, CountsAMinuteFromTheFirstCallOn) {
    RateLimiter limiter;
    const RateLimiter::Clock::time_point begin{};

    EXPECT_EQ(limiter.take("a", 2, begin).remaining, 1);
    EXPECT_EQ(limiter.take("a", 2, begin + seconds(30)).until_reset, seconds(30));
    const auto refused = limiter.take("a", 2, begin + milliseconds(59'500));
    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.until_reset, seconds(1));
    EXPECT_TRUE(limiter.take("a", 2, begin + seconds(60)).allowed);
}

TEST(RateLimiter, KeepsPrincipalsApart) {
    RateLimiter limiter;

    EXPECT_TRUE(limiter.take("a", 1).allowed);
    EXPECT_FALSE(limiter.take("a", 1).allowed);
    EXPECT_TRUE(limiter.take("b", 1).allowed);
}

// Settings may change between two calls.
TEST(RateLimiter, TakesTheLimitOfEachCall) {
    RateLimiter limiter;

    EXPECT_TRUE(limiter.take("a", 1).allowed);
    EXPECT_TRUE(limiter.take("a", 3).allowed);
    EXPECT_EQ(limiter.take("a", 1).remaining, 0);
}

}  // namespace
}  // namespace quell::policy
