// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/circuit_breaker.hpp"

#include <gtest/gtest.h>

namespace quell::egress {
namespace {

using State = CircuitBreaker::State;

struct Breaker {
    SteadyTime now{};
    CircuitBreaker breaker{[this] { return now; }};

    void fail(int times) {
        for (int i = 0; i < times; ++i) {
            EXPECT_TRUE(breaker.enter());
            breaker.failed();
        }
    }
};

// PF-13
TEST(CircuitBreaker, OpensAfterTwentyFailuresInARow) {
    Breaker rig;
    rig.fail(CircuitBreaker::kFailures - 1);
    EXPECT_EQ(rig.breaker.state(), State::closed);

    rig.fail(1);

    EXPECT_EQ(rig.breaker.state(), State::open);
    const auto refused = rig.breaker.enter();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error()->key, "connector_unavailable");
    EXPECT_TRUE(refused.error()->retryable);
    EXPECT_EQ(refused.error()->retry_after_seconds, 10);
    EXPECT_FALSE(rig.breaker.check());
}

TEST(CircuitBreaker, CountsFailuresInARowOnly) {
    Breaker rig;
    rig.fail(CircuitBreaker::kFailures - 1);
    ASSERT_TRUE(rig.breaker.enter());
    rig.breaker.succeeded();

    rig.fail(CircuitBreaker::kFailures - 1);

    EXPECT_EQ(rig.breaker.state(), State::closed);
}

// PF-13
TEST(CircuitBreaker, LetsOneExchangeThroughToFindOut) {
    Breaker rig;
    rig.fail(CircuitBreaker::kFailures);
    rig.now += CircuitBreaker::kOpenFor;

    EXPECT_EQ(rig.breaker.state(), State::half_open);
    EXPECT_TRUE(rig.breaker.enter());
    EXPECT_FALSE(rig.breaker.enter());

    rig.breaker.succeeded();
    EXPECT_EQ(rig.breaker.state(), State::closed);
    EXPECT_TRUE(rig.breaker.enter());
}

TEST(CircuitBreaker, StaysOpenAsLongAgainIfTheProbeFails) {
    Breaker rig;
    rig.fail(CircuitBreaker::kFailures);
    rig.now += CircuitBreaker::kOpenFor;
    ASSERT_TRUE(rig.breaker.enter());

    rig.breaker.failed();

    EXPECT_EQ(rig.breaker.state(), State::open);
    EXPECT_FALSE(rig.breaker.enter());
    rig.now += CircuitBreaker::kOpenFor;
    EXPECT_TRUE(rig.breaker.enter());
}

TEST(CircuitBreaker, ProbesAgainIfTheFirstProbeWasCancelled) {
    Breaker rig;
    rig.fail(CircuitBreaker::kFailures);
    rig.now += CircuitBreaker::kOpenFor;
    ASSERT_TRUE(rig.breaker.enter());

    rig.breaker.undecided();

    EXPECT_TRUE(rig.breaker.enter());
}

}  // namespace
}  // namespace quell::egress
