// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/retries.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quell::egress {
namespace {

using testing::Optional;

constexpr SteadyTime kStart{};
constexpr SteadyTime kPatient = kStart + std::chrono::minutes(10);

Retries retries_with(double random) {
    return Retries({.now = [] { return kStart; }, .random = [random] { return random; }});
}

HttpResult answer(int status, std::vector<Header> headers = {}) {
    return {.response = HttpResponse{.status = status, .headers = std::move(headers)}, .sent_to_provider = true};
}

HttpResult failure(Code code, bool sent) {
    return {.response = Error(code, "connector_unavailable", "lost"), .sent_to_provider = sent};
}

// PF-02
TEST(Retries, RepeatsWhatMayArriveTwiceAfterTheServersOwnFailures) {
    const Retries retries = retries_with(0.0);
    for (const int status : {500, 502, 503, 504}) {
        EXPECT_TRUE(retries.wait_after(answer(status), true, 1, kPatient)) << status;
        EXPECT_FALSE(retries.wait_after(answer(status), false, 1, kPatient)) << status;
    }
    EXPECT_TRUE(retries.wait_after(failure(Code::unavailable, true), true, 1, kPatient));
}

// PF-03: its answer was lost, so it may have acted.
TEST(Retries, NeverRepeatsAnActingRequestThatMayHaveArrived) {
    const Retries retries = retries_with(0.0);

    EXPECT_FALSE(retries.wait_after(failure(Code::unavailable, true), false, 1, kPatient));
    EXPECT_TRUE(retries.wait_after(failure(Code::unavailable, false), false, 1, kPatient));
}

TEST(Retries, TakesEveryOtherAnswerAsFinal) {
    const Retries retries = retries_with(0.0);
    for (const int status : {200, 204, 301, 400, 401, 403, 404, 409, 501}) {
        EXPECT_FALSE(retries.wait_after(answer(status), true, 1, kPatient)) << status;
    }
    for (const Code code : {Code::deadline_exceeded, Code::data_loss, Code::cancelled, Code::failed_precondition}) {
        EXPECT_FALSE(retries.wait_after(failure(code, false), true, 1, kPatient));
    }
}

// PF-01
TEST(Retries, WaitsAsLongAsTheProviderAsksWithinTheDeadline) {
    const Retries retries = retries_with(0.5);
    const HttpResult limited = answer(429, {{"retry-after", "7"}});

    EXPECT_THAT(retries.wait_after(limited, false, 1, kPatient), Optional(Millis(7'100)));
    EXPECT_FALSE(retries.wait_after(limited, false, 1, kStart + std::chrono::seconds(7)));
}

TEST(Retries, DoublesItsOwnWaitsAndJittersThem) {
    for (const auto& [random, first, third] : {std::tuple(0.0, 100, 400), std::tuple(0.5, 150, 600)}) {
        const Retries retries = retries_with(random);
        EXPECT_THAT(retries.wait_after(answer(503), true, 1, kPatient), Optional(Millis(first)));
        EXPECT_THAT(retries.wait_after(answer(503), true, 3, kPatient), Optional(Millis(third)));
    }
}

TEST(Retries, GivesUpAfterFourTries) {
    EXPECT_FALSE(retries_with(0.0).wait_after(answer(503), true, Retries::kMostTries, kPatient));
}

TEST(Retries, StopsWaitingWhenTheCallIsCancelled) {
    std::stop_source source;
    source.request_stop();

    EXPECT_FALSE(Retries::Timing::pause(std::chrono::hours(1), source.get_token()));
}

}  // namespace
}  // namespace quell::egress
