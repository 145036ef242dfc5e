// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/token_cache.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

namespace quell::egress {
namespace {

using std::chrono::seconds;

// A cache with a clock that only the test moves, and a fetch that counts.
struct CacheUnderTest {
    SteadyTime now = std::chrono::steady_clock::now();
    int fetches = 0;
    seconds lifetime{100};
    bool fails = false;
    TokenCache cache{[this] { return now; }};

    Result<TokenAnswer> fetch() {
        ++fetches;
        if (fails) {
            return Error(Code::unavailable, "connector_unavailable", "down");
        }
        return TokenAnswer{.access_token = SecretString("token-" + std::to_string(fetches)),
                           .lifetime = lifetime};
    }

    std::string get() {
        const auto token = cache.get([this] { return fetch(); },
                                     std::chrono::steady_clock::now() + seconds(60), {});
        return token ? std::string(token->access_token.reveal()) : "error";
    }
};

TEST(TokenCache, FetchesOnce) {
    CacheUnderTest test;

    EXPECT_EQ(test.get(), "token-1");
    EXPECT_EQ(test.get(), "token-1");
    EXPECT_EQ(test.fetches, 1);
}

TEST(TokenCache, RenewsAfterAFractionOfTheLifetime) {
    for (const seconds lifetime : {seconds(60), seconds(3600)}) {
        CacheUnderTest test;
        test.lifetime = lifetime;
        ASSERT_EQ(test.get(), "token-1");

        test.now += lifetime * 84 / 100;
        EXPECT_EQ(test.get(), "token-1");
        test.now += lifetime * 2 / 100;
        EXPECT_EQ(test.get(), "token-2");
    }
}

TEST(TokenCache, UsesTheOldTokenToItsEndIfRenewalFails) {
    CacheUnderTest test;
    ASSERT_EQ(test.get(), "token-1");
    test.fails = true;
    test.now += seconds(90);

    EXPECT_EQ(test.get(), "token-1");
    EXPECT_EQ(test.get(), "token-1");
    EXPECT_EQ(test.fetches, 2);
    test.now += seconds(11);
    EXPECT_EQ(test.get(), "error");
}

TEST(TokenCache, GivesATokenWithoutLifetimeToOneCallerOnly) {
    CacheUnderTest test;
    test.lifetime = seconds(0);

    EXPECT_EQ(test.get(), "token-1");
    EXPECT_EQ(test.get(), "token-2");
}

TEST(TokenCache, DropsOnlyTheTokenThatWasRefused) {
    CacheUnderTest test;
    const auto fetch = [&] { return test.fetch(); };
    const SteadyTime deadline = std::chrono::steady_clock::now() + seconds(60);
    const auto first = test.cache.get(fetch, deadline, {});
    ASSERT_TRUE(first);

    test.cache.drop(first->generation);
    EXPECT_EQ(test.get(), "token-2");
    test.cache.drop(first->generation);
    EXPECT_EQ(test.get(), "token-2");
}

// Starts eight callers and lets the fetch end only when all of them have begun.
template <class Fetch>
int callers_with(TokenCache& cache, std::atomic<int>& begun, const Fetch& fetch) {
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            ++begun;
            good += cache.get(fetch, std::chrono::steady_clock::now() + seconds(60), {}) ? 1 : 0;
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    return good;
}

TEST(TokenCache, LetsOneOfManyFetch) {
    TokenCache cache([] { return std::chrono::steady_clock::now(); });
    std::atomic<int> begun = 0;
    std::atomic<int> fetches = 0;

    const int good = callers_with(cache, begun, [&]() -> Result<TokenAnswer> {
        ++fetches;
        while (begun < 8) {
            std::this_thread::yield();
        }
        return TokenAnswer{.access_token = SecretString("token"), .lifetime = seconds(3600)};
    });

    EXPECT_EQ(good, 8);
    EXPECT_EQ(fetches, 1);
}

TEST(TokenCache, GivesUpWaitingWithItsOwnDeadlineAndCancel) {
    TokenCache cache([] { return std::chrono::steady_clock::now(); });
    std::promise<void> fetching;
    std::promise<void> go_on;
    std::thread slow([&] {
        const auto fetch = [&]() -> Result<TokenAnswer> {
            fetching.set_value();
            go_on.get_future().wait();
            return TokenAnswer{.access_token = SecretString("token"), .lifetime = seconds(60)};
        };
        EXPECT_TRUE(cache.get(fetch, std::chrono::steady_clock::now() + seconds(60), {}));
    });
    fetching.get_future().wait();
    const auto never = []() -> Result<TokenAnswer> { return internal_error("a second fetch"); };
    std::stop_source cancel;
    cancel.request_stop();

    const auto late = cache.get(never, std::chrono::steady_clock::now(), {});
    const auto gone =
        cache.get(never, std::chrono::steady_clock::now() + seconds(60), cancel.get_token());
    go_on.set_value();
    slow.join();

    EXPECT_EQ(late.error()->code, Code::deadline_exceeded);
    EXPECT_EQ(gone.error()->code, Code::cancelled);
}

TEST(TokenCache, FetchesForTheOthersIfTheFirstCallerLeaves) {
    TokenCache cache([] { return std::chrono::steady_clock::now(); });
    std::atomic<int> begun = 0;
    std::atomic<int> fetches = 0;

    const int good = callers_with(cache, begun, [&]() -> Result<TokenAnswer> {
        while (begun < 8) {
            std::this_thread::yield();
        }
        if (++fetches == 1) {
            return Error(Code::cancelled, "connector_unavailable", "gone");
        }
        return TokenAnswer{.access_token = SecretString("token"), .lifetime = seconds(3600)};
    });

    EXPECT_EQ(good, 7);
    EXPECT_EQ(fetches, 2);
}

}  // namespace
}  // namespace quell::egress
