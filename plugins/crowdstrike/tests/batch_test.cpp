// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "falcon_test.hpp"

namespace crowdstrike {
namespace {

using ::testing::SizeIs;

using FalconBatch = FalconTest;

TEST_F(FalconBatch, SendsOneRequestForSeveralHosts) {
    expect_details().reply(200, records({{kAlice}, {kBob}}));
    expect_action().reply(202, taken({kAlice, kBob}));

    const auto answer = apply("network_contain", {kAlice, kBob});

    EXPECT_EQ(outcome(answer, kAlice)["state"], "accepted");
    EXPECT_EQ(outcome(answer, kBob)["state"], "accepted");
}

// PF-06
TEST_F(FalconBatch, ReadsTheErrorsInsideASuccess) {
    expect_details().reply(200, records({{kAlice}, {kBob}}));
    expect_action().reply(202, taken({kAlice}, error_entry(403, kBob)));

    const auto answer = apply("network_contain", {kAlice, kBob});

    EXPECT_EQ(outcome(answer, kAlice)["state"], "accepted");
    EXPECT_EQ(outcome(answer, kBob)["state"], "failed");
    EXPECT_EQ(outcome(answer, kBob)["error"]["http_status"], 403);
}

// PF-04
TEST_F(FalconBatch, ReadsTheRecordOfAHostThatASuccessDoesNotName) {
    expect_details().reply(200, records({{kAlice}, {kBob}}));
    expect_action().reply(202, taken({}, error_entry(500)));
    expect_details().reply(200, records({{kAlice, "containment_pending"}, {kBob}}));

    const auto answer = apply("network_contain", {kAlice, kBob});

    EXPECT_EQ(outcome(answer, kAlice)["state"], "accepted");
    EXPECT_EQ(outcome(answer, kBob)["state"], "failed");
}

// PF-04: the error is another host's
TEST_F(FalconBatch, CannotTellAboutAHostThatASuccessNamesNowhere) {
    expect_details().reply(200, records({{kAlice}, {kBob}}));
    expect_action().reply(202, taken({}, error_entry(404, kBob)));
    expect_details().reply(200, records({{kAlice}}));

    EXPECT_EQ(apply("network_contain", {kAlice, kBob}).status(), quell::Status::unavailable);
}

// PF-04
TEST_F(FalconBatch, FollowsAHostThatIsBothTakenAndRefused) {
    expect_details().reply(200, records({{}}));
    expect_action().reply(202, taken({kAlice}, error_entry(403, kAlice)));

    EXPECT_EQ(outcome(apply("network_contain", {kAlice}), kAlice)["state"], "accepted");
}

TEST_F(FalconBatch, FailsForAHostThatIsNotThere) {
    expect_details().reply(200, records({{}}));
    expect_action().reply(202, taken({kAlice}));

    const auto answer = apply("network_contain", {kAlice, kBob});

    EXPECT_EQ(outcome(answer, kAlice)["state"], "accepted");
    EXPECT_EQ(outcome(answer, kBob)["error"]["status"], "not_found");
}

TEST_F(FalconBatch, ReadsTheStateAfterAConflict) {
    expect_details().reply(200, records({{kAlice}, {kBob}}));
    expect_action().reply(409, envelope("", error_entry(409)));
    expect_details().reply(200, records({{kAlice, "contained"}, {kBob}}));

    const auto answer = apply("network_contain", {kAlice, kBob});

    EXPECT_EQ(outcome(answer, kAlice)["state"], "confirmed");
    EXPECT_EQ(outcome(answer, kAlice)["changed"], false);  // somebody else's order did it
    EXPECT_EQ(outcome(answer, kBob)["state"], "failed");
    EXPECT_EQ(outcome(answer, kBob)["error"]["http_status"], 409);
}

TEST_F(FalconBatch, AcceptsWhatIsUnderWayAfterAConflict) {
    expect_details().reply(200, records({{}}));
    expect_action().reply(409, envelope("", error_entry(409)));
    expect_details().reply(200, records({{kAlice, "containment_pending"}}));

    EXPECT_EQ(outcome(apply("network_contain", {kAlice}), kAlice)["state"], "accepted");
}

TEST_F(FalconBatch, ActsOnFiveHundredHostsInOneRequest) {
    const std::vector<std::string> ids = numbered(0, 500);
    std::string found;
    for (const std::string& id : ids)
        found += (found.empty() ? "" : ",") + (R"({"device_id":)" + in_quotes(id)) +
                 R"(,"status":"normal"})";
    std::string took;
    for (const std::string& id : ids)
        took += (took.empty() ? "" : ",") + (R"({"id":)" + in_quotes(id)) + "}";
    expect_details().reply(200, envelope(found));
    expect_action().reply(202, envelope(took));

    const auto answer = apply("network_contain", {ids.begin(), ids.end()});

    ASSERT_THAT(answer.reply.at("outcomes"), SizeIs(500));
    EXPECT_EQ(outcome(answer, ids.back())["state"], "accepted");
    const auto sent = nlohmann::json::parse(host_.requests().at(1).body);
    EXPECT_THAT(sent.at("ids"), SizeIs(500));
}

// PF-06: taken, not there, and no word whether it was done.
TEST_F(FalconBatch, GivesEachOfThreeHostsItsOwnOutcome) {
    const std::string third(32, 'c');
    expect_details().reply(200, records({{kAlice}, {kBob}, {third}}));
    expect_action().reply(202,
                          taken({kAlice}, error_entry(404, kBob) + "," + error_entry(504, third)));

    const auto answer = apply("network_contain", {kAlice, kBob, third});

    EXPECT_EQ(outcome(answer, kAlice)["state"], "accepted");
    EXPECT_EQ(outcome(answer, kBob)["error"]["status"], "not_found");
    EXPECT_EQ(outcome(answer, third)["error"]["status"], "unavailable");
    EXPECT_EQ(outcome(answer, third)["result_metadata"]["trace_id"], "t-1");
}

TEST_F(FalconBatch, KeepsACodeThatIsNoHttpStatus) {
    expect_details().reply(200, records({{}}));
    expect_action().reply(202, taken({}, error_entry(70'000, kAlice)));

    const auto done = outcome(apply("network_contain", {kAlice}), kAlice);

    EXPECT_EQ(done["error"]["http_status"], 0);
    EXPECT_EQ(done["error"]["provider_code"], "70000");
}

TEST_F(FalconBatch, PassesNoTraceIdOnThatLooksLikeNone) {
    expect_details().reply(200, records({{}}));
    expect_action().reply(202, taken({kAlice}),
                          {{"x-cs-traceid", "<b>" + std::string(kProviderText)}});

    const auto done = outcome(apply("network_contain", {kAlice}), kAlice);

    EXPECT_FALSE(done["result_metadata"].contains("trace_id"));
}

}  // namespace
}  // namespace crowdstrike
