// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "falcon_test.hpp"

namespace crowdstrike {
namespace {

using quell::Status;

class FalconPoll : public FalconTest {
  protected:
    nlohmann::json polled(std::string_view action, std::string_view status,
                          const nlohmann::json& continuation = "host_record") {
        expect_details().reply(200, records({{kAlice, status}}));
        return poll(action, kAlice, continuation).reply.at("outcomes").at(0);
    }
};

TEST_F(FalconPoll, ConfirmsWhenTheRecordShowsTheGoal) {
    EXPECT_EQ(polled("network_contain", "contained")["state"], "confirmed");
    EXPECT_EQ(polled("network_contain", "contained")["changed"], true);
    EXPECT_EQ(polled("release_containment", "normal")["state"], "confirmed");
}

TEST_F(FalconPoll, GoesOnWhileTheOrderIsPending) {
    EXPECT_EQ(polled("network_contain", "containment_pending")["state"], "accepted");
    EXPECT_EQ(polled("release_containment", "lift_containment_pending")["state"], "accepted");
}

TEST_F(FalconPoll, GoesOnWhileTheRecordLagsBehindAnAcceptedOrder) {
    EXPECT_EQ(polled("network_contain", "normal")["state"], "accepted");
    EXPECT_EQ(polled("network_contain", "a_state_of_the_future")["state"], "accepted");
}

// PF-03
TEST_F(FalconPoll, SaysThatAnOrderWithoutAnswerDidNothing) {
    const auto outcome = polled("network_contain", "normal", nullptr);

    EXPECT_EQ(outcome["state"], "failed");
    EXPECT_EQ(outcome["error"]["status"], "not_found");
}

// PF-03
TEST_F(FalconPoll, FindsTheEffectOfAnOrderWithoutAnswer) {
    EXPECT_EQ(polled("network_contain", "containment_pending", nullptr)["state"], "accepted");
    EXPECT_EQ(polled("network_contain", "contained", nullptr)["state"], "confirmed");
}

TEST_F(FalconPoll, FailsForAHostThatWasRemoved) {
    expect_details().reply(200, envelope("", error_entry(404)));

    const auto answer = poll("network_contain", kAlice, "host_record");

    EXPECT_EQ(answer.reply.at("outcomes").at(0)["error"]["status"], "not_found");
}

TEST_F(FalconPoll, CannotTellWhileTheProviderIsDown) {
    expect_details().reply(503, "");

    EXPECT_EQ(poll("network_contain", kAlice, "host_record").status(), Status::unavailable);
}

}  // namespace
}  // namespace crowdstrike
