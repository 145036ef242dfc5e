// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/throttle.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace quell::identity {
namespace {

using namespace std::chrono_literals;
constexpr Throttle::Limit kLimit{3, 60s};

TEST(Throttle, SaysHowLongToWaitAfterTheLimit) {
    Throttle throttle(kLimit);
    const auto start = Throttle::Clock::now();
    for (int i = 0; i < 3; ++i) {
        EXPECT_FALSE(throttle.attempt("key", start));
    }

    EXPECT_EQ(throttle.attempt("key", start + 20s), 40s);
    EXPECT_EQ(throttle.blocked("key", start + 20s), 40s);
}

TEST(Throttle, OpensAgainAfterTheWindow) {
    Throttle throttle(kLimit);
    const auto start = Throttle::Clock::now();
    for (int i = 0; i < 4; ++i) {
        static_cast<void>(throttle.attempt("key", start));
    }

    EXPECT_FALSE(throttle.blocked("key", start + 60s));
    EXPECT_FALSE(throttle.attempt("key", start + 60s));
}

TEST(Throttle, LeavesOtherKeysAlone) {
    Throttle throttle(kLimit);
    for (int i = 0; i < 4; ++i) {
        static_cast<void>(throttle.attempt("key"));
    }

    EXPECT_FALSE(throttle.attempt("other"));
}

TEST(Throttle, ForgivesAfterASuccess) {
    Throttle throttle(kLimit);
    for (int i = 0; i < 3; ++i) {
        static_cast<void>(throttle.attempt("key"));
    }
    throttle.forgive("key");

    EXPECT_FALSE(throttle.attempt("key"));
}

TEST(Throttle, CountsExactlyOverThreads) {
    Throttle throttle({100, 60s});
    std::atomic<int> passed = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 100; ++i) {
                passed += throttle.attempt("key") ? 0 : 1;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }

    EXPECT_EQ(passed, 100);
}

}  // namespace
}  // namespace quell::identity
