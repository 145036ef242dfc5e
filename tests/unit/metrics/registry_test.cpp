// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "metrics/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "metrics/outcome.hpp"

namespace quell::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Family kCalls{"quell_calls_total", "Calls."};
constexpr Family kWait{"quell_wait_seconds", "Waiting."};
constexpr Family kOpen{"quell_open", "Open."};

std::size_t lines_with(const std::string& text, std::string_view start) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
        count += text.compare(at, start.size(), start) == 0 ? 1 : 0;
    }
    return count;
}

TEST(Registry, WritesACounterWithHelpTypeAndLabels) {
    Registry registry;
    registry.counter(kCalls, {{"tool", "contain_device"}, {"tenant", "acme"}}).add(3);

    EXPECT_EQ(registry.text(),
              "# HELP quell_calls_total Calls.\n# TYPE quell_calls_total counter\n"
              "quell_calls_total{tool=\"contain_device\",tenant=\"acme\"} 3\n");
}

TEST(Registry, WritesAGaugeWithoutLabels) {
    Registry registry;
    registry.gauge(kOpen).set(-2);

    EXPECT_THAT(registry.text(), HasSubstr("# TYPE quell_open gauge\nquell_open -2\n"));
}

TEST(Registry, WritesAHistogramsBucketsAsRunningTotals) {
    Registry registry;
    Histogram& wait = registry.histogram(kWait, {{"plugin", "okta"}});
    wait.observe(std::chrono::microseconds(50));
    wait.observe(std::chrono::milliseconds(3));
    wait.observe(std::chrono::minutes(5));

    const std::string text = registry.text();

    EXPECT_THAT(text, HasSubstr("quell_wait_seconds_bucket{plugin=\"okta\",le=\"5e-05\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("quell_wait_seconds_bucket{plugin=\"okta\",le=\"0.0025\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("quell_wait_seconds_bucket{plugin=\"okta\",le=\"0.005\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("quell_wait_seconds_bucket{plugin=\"okta\",le=\"60\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("quell_wait_seconds_bucket{plugin=\"okta\",le=\"+Inf\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("quell_wait_seconds_sum{plugin=\"okta\"} 300.00305\n"));
    EXPECT_THAT(text, HasSubstr("quell_wait_seconds_count{plugin=\"okta\"} 3\n"));
}

TEST(Registry, GivesTheSameMeterForTheSameLabels) {
    Registry registry;
    registry.counter(kCalls, {{"tenant", "acme"}}).add();

    EXPECT_EQ(registry.counter(kCalls, {{"tenant", "acme"}}).value(), 1U);
    EXPECT_EQ(registry.counter(kCalls, {{"tenant", "globex"}}).value(), 0U);
}

// LG-01
TEST(Registry, CountsWhatIsNoIdAsOther) {
    Registry registry;
    for (const std::string value : {"", "a\"} 1\nforged_total 9", "with blank", "\xff\xfe", "slash\\"}) {
        registry.counter(kCalls, {{"tool", value}}).add();
    }
    registry.counter(kCalls, {{"tool", std::string(65, 'a')}}).add();

    EXPECT_EQ(registry.text(),
              "# HELP quell_calls_total Calls.\n# TYPE quell_calls_total counter\n"
              "quell_calls_total{tool=\"other\"} 6\n");
}

TEST(Registry, KeepsAFamilyToItsLimitOfSeries) {
    Registry registry;
    for (std::size_t i = 0; i < 3 * Registry::kMostSeries; ++i) {
        registry.counter(kCalls, {{"tool", "tool-" + std::to_string(i)}, {"tenant", "acme"}}).add();
    }
    registry.counter(kCalls, {{"tool", "tool-0"}, {"tenant", "acme"}}).add();

    const std::string text = registry.text();

    EXPECT_EQ(lines_with(text, "quell_calls_total{"), Registry::kMostSeries);
    EXPECT_THAT(text, HasSubstr("quell_calls_total{tool=\"tool-0\",tenant=\"acme\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("quell_calls_total{tool=\"other\",tenant=\"other\"} " +
                                std::to_string(2 * Registry::kMostSeries + 1)));
}

TEST(Outcomes, AppearWithTheirFirstCount) {
    Registry registry;
    Outcomes calls(registry, kCalls, {{"tool", "x"}});
    calls.count(outcome_of(Code::ok));
    calls.count(outcome_of(Code::not_found));
    calls.count(outcome_of(Code::permission_denied));
    calls.count(outcome_of(Code::internal));

    const std::string text = registry.text();

    EXPECT_THAT(text, HasSubstr("quell_calls_total{tool=\"x\",outcome=\"ok\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("quell_calls_total{tool=\"x\",outcome=\"refused\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("quell_calls_total{tool=\"x\",outcome=\"failed\"} 1\n"));
    EXPECT_THAT(text, Not(HasSubstr("cancelled")));
}

TEST(Outcomes, LoseNoCountOfManyThreads) {
    Registry registry;
    Outcomes calls(registry, kCalls, {});
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 10'000; ++n) {
                calls.count(Outcome::ok);
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }

    EXPECT_EQ(registry.counter(kCalls, {{"outcome", "ok"}}).value(), 40'000U);
}

}  // namespace
}  // namespace quell::metrics
