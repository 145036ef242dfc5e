// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "falcon_test.hpp"

namespace crowdstrike {
namespace {

using quell::Status;

class FalconPoll : public FalconTest {
  protected:
    // `online`: what Falcon says if it is asked, which it is while the order is under way.
    nlohmann::json polled(std::string_view action, std::string_view status,
                          const nlohmann::json& continuation = "host_record",
                          std::string_view online = "") {
        expect_details().reply(200, records({{kAlice, status}}));
        if (!online.empty())
            expect_online_state()
                .with_query("ids", std::string(kAlice))
                .reply(200, online_states(kAlice, online));
        return poll(action, kAlice, continuation).reply.at("outcomes").at(0);
    }

    nlohmann::json pending(const nlohmann::json& continuation, std::string_view online) {
        return polled("network_contain", "containment_pending", continuation, online);
    }
};

TEST_F(FalconPoll, ConfirmsWhenTheRecordShowsTheGoal) {
    EXPECT_EQ(polled("network_contain", "contained")["state"], "confirmed");
    EXPECT_EQ(polled("network_contain", "contained")["changed"], true);
    EXPECT_EQ(polled("release_containment", "normal")["state"], "confirmed");
}

TEST_F(FalconPoll, GoesOnWhileTheOrderIsPending) {
    EXPECT_EQ(pending("host_record", "online")["state"], "accepted");
    EXPECT_EQ(polled("release_containment", "lift_containment_pending", "host_record",
                     "unknown")["state"],
              "accepted");
}

TEST_F(FalconPoll, SaysThatAnOrderWaitsForAHostThatIsOffline) {
    const auto outcome = pending("host_record", "offline");

    EXPECT_EQ(outcome["state"], "accepted");
    EXPECT_EQ(outcome["result_metadata"]["online_state"], "offline");
    EXPECT_EQ(outcome["result_metadata"]["waits_for_host"], true);
    EXPECT_NE(outcome["continuation"], "host_record");
    EXPECT_FALSE(outcome.contains("poll_after_ms"));
}

TEST_F(FalconPoll, SaysThatTheHostIsBack) {
    const auto offline = pending("host_record", "offline")["continuation"];

    const auto back = pending(offline, "online");
    EXPECT_EQ(back["continuation"], "host_record");
    EXPECT_EQ(back["result_metadata"]["waits_for_host"], false);
    const auto done = polled("network_contain", "contained", offline);
    EXPECT_EQ(done["state"], "confirmed");
    EXPECT_EQ(done["result_metadata"]["waits_for_host"], false);
}

TEST_F(FalconPoll, LetsWhatItSaidStandWhileTheOnlineStateCannotBeRead) {
    const auto offline = pending("host_record", "offline")["continuation"];
    expect_details().reply(200, records({{kAlice, "containment_pending"}}));
    expect_online_state().reply(403, envelope("", error_entry(403)));

    const auto outcome = poll("network_contain", kAlice, offline).reply.at("outcomes").at(0);

    EXPECT_EQ(outcome["state"], "accepted");
    EXPECT_EQ(outcome["continuation"], offline);
    EXPECT_TRUE(outcome["result_metadata"].empty());
}

TEST_F(FalconPoll, AsksForTheOnlineStateOfAHundredHostsAtATime) {
    const std::vector<std::string> ids = numbered(0, 150);
    nlohmann::json devices = nlohmann::json::array();
    std::string found;
    for (const std::string& id : ids) {
        devices.push_back({{"provider_device_id", id},
                           {"continuation", "host_record"},
                           {"since", "2026-01-01T00:00:00Z"}});
        found += (found.empty() ? "" : ",") + (R"({"device_id":)" + in_quotes(id)) +
                 R"(,"status":"containment_pending"})";
    }
    expect_details().reply(200, envelope(found));
    expect_online_state().reply(200, envelope(""));
    expect_online_state()
        .with_query("ids", ids[100])
        .reply(200, online_states(ids[149], "offline"));

    const nlohmann::json request = {{"action", "network_contain"}, {"devices", devices}};
    const auto answer = plugin_->call("device_containment/1", "poll", request.dump());

    EXPECT_EQ(outcome(answer, ids[0])["continuation"], "host_record");
    EXPECT_EQ(outcome(answer, ids[149])["result_metadata"]["online_state"], "offline");
}

TEST_F(FalconPoll, GoesOnWhileTheRecordLagsBehindAnAcceptedOrder) {
    EXPECT_EQ(polled("network_contain", "normal", "host_record", "online")["state"], "accepted");
    EXPECT_EQ(polled("network_contain", "a_state_of_the_future", "host_record", "online")["state"],
              "accepted");
}

// PF-03
TEST_F(FalconPoll, SaysThatAnOrderWithoutAnswerDidNothing) {
    const auto outcome = polled("network_contain", "normal", nullptr);

    EXPECT_EQ(outcome["state"], "failed");
    EXPECT_EQ(outcome["error"]["status"], "not_found");
}

// PF-03
TEST_F(FalconPoll, FindsTheEffectOfAnOrderWithoutAnswer) {
    EXPECT_EQ(pending(nullptr, "online")["state"], "accepted");
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
