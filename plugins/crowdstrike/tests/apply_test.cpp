// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "falcon_test.hpp"

namespace crowdstrike {
namespace {

using quell::Status;
using ::testing::SizeIs;

using FalconApply = FalconTest;

TEST_F(FalconApply, ContainsAHostAndAsksForAPoll) {
    expect_details().reply(200, records({{}}));
    expect_action()
        .with_query("action_name", "contain")
        .with_body(R"({"ids":["0123456789abcdef0123456789abcdef"]})")
        .reply(202, taken({kAlice}));

    const auto done = outcome(apply("network_contain", {kAlice}), kAlice);

    EXPECT_EQ(done["state"], "accepted");
    EXPECT_FALSE(done["continuation"].get<std::string>().empty());
    EXPECT_EQ(done["result_metadata"]["trace_id"], "t-1");
}

TEST_F(FalconApply, LiftsContainment) {
    expect_details().reply(200, records({{kAlice, "contained"}}));
    expect_action().with_query("action_name", "lift_containment").reply(202, taken({kAlice}));

    EXPECT_EQ(outcome(apply("release_containment", {kAlice}), kAlice)["state"], "accepted");
}

TEST_F(FalconApply, NeverMarksAnActingRequestAsRepeatable) {
    expect_details().reply(200, records({{}}));
    expect_action().reply(202, taken({kAlice}));

    (void)apply("network_contain", {kAlice});

    EXPECT_TRUE(host_.requests().at(0).idempotent);
    EXPECT_FALSE(host_.requests().at(1).idempotent);
}

TEST_F(FalconApply, ConfirmsWithoutSendingWhatIsSoAlready) {
    expect_details().reply(200, records({{kAlice, "contained"}}));

    const auto done = outcome(apply("network_contain", {kAlice}), kAlice);

    EXPECT_EQ(done["state"], "confirmed");
    EXPECT_EQ(done["changed"], false);
}

TEST_F(FalconApply, AcceptsWithoutSendingWhatIsUnderWay) {
    expect_details().reply(200, records({{kAlice, "containment_pending"}}));

    EXPECT_EQ(outcome(apply("network_contain", {kAlice}), kAlice)["state"], "accepted");
}

// PF-04
TEST_F(FalconApply, CannotTellAfterABrokenSuccessWithoutEffect) {
    expect_details().reply(200, records({{}}));
    expect_action().reply(202, "{\"resources\":[{\"id\":");
    expect_details().reply(200, records({{}}));

    EXPECT_EQ(apply("network_contain", {kAlice}).status(), Status::unavailable);
}

TEST_F(FalconApply, RefusesAnIdThatIsNone) {
    const auto answer = apply("network_contain", {"alice-mac"});

    EXPECT_EQ(outcome(answer, "alice-mac")["error"]["status"], "invalid_argument");
}

// PF-02
TEST_F(FalconApply, SendsAgainAfterServerErrorsThatHadNoEffect) {
    expect_details().reply(200, records({{}}));
    for (const int status : {500, 502}) {
        expect_action().reply(status, envelope("", error_entry(status)));
        expect_details().reply(200, records({{}}));
    }
    expect_action().reply(202, taken({kAlice}));

    EXPECT_EQ(outcome(apply("network_contain", {kAlice}), kAlice)["state"], "accepted");
}

TEST_F(FalconApply, DoesNotSendAgainAfterAServerErrorThatHadEffect) {
    expect_details().reply(200, records({{}}));
    expect_action().reply(503, "");
    expect_details().reply(200, records({{kAlice, "containment_pending"}}));

    EXPECT_EQ(outcome(apply("network_contain", {kAlice}), kAlice)["state"], "accepted");
}

TEST_F(FalconApply, GivesUpAfterThreeServerErrors) {
    expect_details().reply(200, records({{}}));
    for (int sends = 0; sends < 3; ++sends) {
        expect_action().reply(500, "");
        expect_details().reply(200, records({{}}));
    }

    const auto done = outcome(apply("network_contain", {kAlice}), kAlice);

    EXPECT_EQ(done["state"], "failed");
    EXPECT_EQ(done["error"]["status"], "unavailable");
}

// PF-03: a refusal of the read-back says nothing about the order
TEST_F(FalconApply, CannotTellAfterAServerErrorIfTheRecordIsRefused) {
    for (const int status : {401, 403, 429}) {
        expect_details().reply(200, records({{}}));
        expect_action().reply(500, "");
        expect_details().reply(status, "");

        EXPECT_EQ(apply("network_contain", {kAlice}).status(), Status::unavailable) << status;
    }
}

// PF-03: the first one may have been done all the same
TEST_F(FalconApply, CannotTellIfTheOrderIsRefusedWhenItIsSentAgain) {
    for (const int status : {403, 409, 429}) {
        expect_details().reply(200, records({{}}));
        expect_action().reply(500, "");
        expect_details().reply(200, records({{}}));
        expect_action().reply(status, "");
        if (status == 409)
            expect_details().reply(200, records({{}}));

        EXPECT_EQ(apply("network_contain", {kAlice}).status(), Status::unavailable) << status;
    }
}

// PF-01
TEST_F(FalconApply, SendsAgainNoSoonerThanTheProviderAsks) {
    expect_details().reply(200, records({{}}));
    expect_action().reply(503, "", {{"retry-after", "7"}});
    expect_details().reply(200, records({{}}));
    expect_action().reply(202, taken({kAlice}));
    const auto before = host_.now();

    EXPECT_EQ(outcome(apply("network_contain", {kAlice}), kAlice)["state"], "accepted");

    EXPECT_EQ(host_.now() - before, std::chrono::seconds{7});
}

// PF-01
TEST_F(FalconApply, DoesNotWaitForATimeBeyondTheDeadline) {
    expect_details().reply(200, records({{}}));
    expect_action().reply(503, "", {{"retry-after", "3600"}});
    expect_details().reply(200, records({{}}));
    const auto before = host_.now();

    const auto done = outcome(apply("network_contain", {kAlice}), kAlice);

    EXPECT_EQ(done["error"]["status"], "unavailable");
    EXPECT_EQ(done["error"]["retry_after_ms"], 3'600'000);
    EXPECT_EQ(host_.now(), before);
}

// PF-03
TEST_F(FalconApply, ReportsALostAnswerAsSuchAndSendsOnce) {
    expect_details().reply(200, records({{}}));
    expect_action().fail(quell::unavailable("connection lost"));

    EXPECT_EQ(apply("network_contain", {kAlice}).status(), Status::unavailable);
}

TEST_F(FalconApply, FailsEachHostOnARefusal) {
    const std::pair<int, std::string_view> cases[] = {
        {400, "unknown"}, {401, "unauthenticated"}, {403, "permission_denied"}, {404, "not_found"}};
    for (const auto& [http_status, status] : cases) {
        expect_details().reply(200, records({{}}));
        expect_action().reply(http_status, envelope("", error_entry(http_status)));
        const auto done = outcome(apply("network_contain", {kAlice}), kAlice);
        EXPECT_EQ(done["state"], "failed");
        EXPECT_EQ(done["error"]["status"], status);
        EXPECT_EQ(done["error"]["http_status"], http_status);
    }
}

// PF-01
TEST_F(FalconApply, FailsWithTheTimeToComeBackOnALongRateLimit) {
    expect_details().reply(200, records({{}}));
    expect_action().reply(429, "", {{"retry-after", "300"}});

    const auto done = outcome(apply("network_contain", {kAlice}), kAlice);

    EXPECT_EQ(done["error"]["status"], "resource_exhausted");
    EXPECT_EQ(done["error"]["retry_after_ms"], 300'000);
}

TEST_F(FalconApply, SendsNothingIfTheStateCannotBeRead) {
    expect_details().reply(500, "");

    EXPECT_EQ(apply("network_contain", {kAlice}).status(), Status::unavailable);
    EXPECT_THAT(host_.requests(), SizeIs(1));
}

TEST_F(FalconApply, CannotLock) {
    EXPECT_EQ(apply("lock_device", {kAlice}).status(), Status::unimplemented);
}

}  // namespace
}  // namespace crowdstrike
