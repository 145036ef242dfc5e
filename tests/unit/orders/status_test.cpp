// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "orders/status.hpp"

#include <gtest/gtest.h>

#include "orders/timing.hpp"
#include "orders/verdict.hpp"

namespace quell::orders {
namespace {

Status status(std::initializer_list<State> states) {
    StatusRule rule;
    for (const State state : states) {
        rule.add(state);
    }
    return rule.status();
}

TEST(StatusRule, IsPendingWhileAnyTargetIsOpen) {
    EXPECT_EQ(status({State::confirmed, State::intent}), Status::pending);
    EXPECT_EQ(status({State::failed, State::sent}), Status::pending);
    EXPECT_EQ(status({State::unknown, State::accepted}), Status::pending);
}

TEST(StatusRule, IsCompletedOnlyIfAllAreConfirmed) {
    EXPECT_EQ(status({State::confirmed, State::confirmed}), Status::completed);
    EXPECT_EQ(status({State::confirmed, State::failed}), Status::partial);
    EXPECT_EQ(status({State::confirmed, State::unknown}), Status::partial);
}

TEST(StatusRule, IsUnknownBeforeFailedWhereNoneIsConfirmed) {
    EXPECT_EQ(status({State::failed, State::unknown}), Status::unknown);
    EXPECT_EQ(status({State::failed, State::failed}), Status::failed);
}

TEST(StatusRule, CountsAnIntegrationWithoutTargetsAsOneFailedTarget) {
    Order order;
    order.integrations.push_back({ConnectorKey("jamf"), json::Object{{"key", "device_not_found"}}, {}});
    order.integrations.push_back({ConnectorKey("crowdstrike"), nullptr, {}});
    order.integrations.back().targets.emplace_back().state = State::confirmed;

    EXPECT_EQ(status_of(order), Status::partial);
}

TEST(StatusRule, ADryRunIsResolved) {
    Order order;
    order.dry_run = true;
    order.integrations.push_back({ConnectorKey("crowdstrike"), nullptr, {}});
    order.integrations.back().targets.emplace_back();

    EXPECT_EQ(status_of(order), Status::resolved);
}

TEST(PollSchedule, GrowsFromTwoSecondsToAQuarterOfAnHour) {
    const Timing timing;
    PollSchedule schedule(timing);

    EXPECT_EQ(schedule.next(std::nullopt), std::chrono::seconds(2));
    EXPECT_EQ(schedule.next(std::nullopt), std::chrono::seconds(3));
    for (int i = 0; i < 30; ++i) {
        (void)schedule.next(std::nullopt);
    }
    EXPECT_EQ(schedule.next(std::nullopt), std::chrono::minutes(15));
}

TEST(PollSchedule, HonoursThePluginsHintForTheFirstPollsOnly) {
    const Timing timing;
    PollSchedule schedule(timing);

    for (int i = 0; i < timing.hinted_polls; ++i) {
        EXPECT_EQ(schedule.next(Millis(300)), Millis(300));
    }
    EXPECT_EQ(schedule.next(Millis(300)), std::chrono::seconds(2));
    EXPECT_EQ(PollSchedule(timing).next(Millis(0)), timing.shortest_hint);
}

TEST(Verdict, TakesOnlyRefusalsForProofThatNothingWasDone) {
    const auto error = [](std::string key) { return Error(Code::internal, std::move(key), "m"); };

    for (const char* key : {"http_403", "http_404", "http_422", "rate_limited", "connector_misconfigured"}) {
        EXPECT_TRUE(is_refusal(error(key))) << key;
    }
    for (const char* key : {"http_500", "http_503", "http_408", "http_409", "deadline_exceeded", "plugin_error",
                            "plugin_bad_result", "connector_unavailable", "internal_error"}) {
        EXPECT_FALSE(is_refusal(error(key))) << key;
    }
}

TEST(Verdict, TakesOnlyTheProvidersOwnRefusalsForRefusals) {
    for (const int status : {400, 401, 403, 404, 422, 429, 499}) {
        EXPECT_EQ(ending_of(status), Ending::refused) << status;
    }
    for (const int status : {200, 202, 204, 299}) {
        EXPECT_EQ(ending_of(status), Ending::taken) << status;
    }
    for (const int status : {0, 100, 199, 302, 408, 409, 425, 500, 503, 599, 4}) {
        EXPECT_EQ(ending_of(status), Ending::open) << status;
    }
}

}  // namespace
}  // namespace quell::orders
