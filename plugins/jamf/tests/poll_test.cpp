// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "jamf_test.hpp"

namespace jamf {
namespace {

using quell::Status;

using JamfPoll = JamfTest;

const std::string kByDevice =
    "clientManagementId==" + std::string(kAlice) + ";command==DEVICE_LOCK";

TEST_F(JamfPoll, MapsEachStateOfTheCommand) {
    const std::pair<std::string_view, std::string_view> states[] = {
        {"PENDING", "accepted"},
        {"NOT_NOW", "accepted"},
        {"ACKNOWLEDGED", "confirmed"},
        {"ERROR", "failed"},
        {"COMMAND_FORMAT_ERROR", "failed"},
        {"A_STATE_OF_THE_FUTURE", "accepted"}};
    for (const auto& [jamf_state, state] : states) {
        expect_commands()
            .with_query("filter", "uuid==" + std::string(kCommand))
            .reply(200, page(command(jamf_state)));
        const auto done = outcome(poll(kCommand));
        EXPECT_EQ(done["state"], state) << jamf_state;
        EXPECT_EQ(done["provider_device_id"], kAlice);
        EXPECT_EQ(done["result_metadata"]["command_state"], jamf_state);
    }
}

TEST_F(JamfPoll, PassesTheErrorCodeOfTheComputerOn) {
    auto refused = command("ERROR");
    refused["commandError"] = {{"errorCode", 12021}, {"errorDomain", kProviderText}};
    expect_commands().reply(200, page(refused));

    EXPECT_EQ(outcome(poll(kCommand))["error"]["provider_code"], "12021");
}

// A later attempt is a new order, so nothing may read it as a passing trouble and ask again.
TEST_F(JamfPoll, TellsALockThatTheDeviceRefusedAsFinal) {
    for (const std::string_view jamf_state : {"ERROR", "COMMAND_FORMAT_ERROR"}) {
        expect_commands().reply(200, page(command(jamf_state)));
        const auto done = outcome(poll(kCommand));
        EXPECT_EQ(done["state"], "failed") << jamf_state;
        EXPECT_EQ(done["error"]["status"], "unknown") << jamf_state;
        EXPECT_EQ(done["error"]["message"], "The device refused the lock command.");
        EXPECT_EQ(done["error"]["retry_after_ms"], -1);
    }
}

TEST_F(JamfPoll, FindsTheCommandByItsComputerIfTheIdFindsNothing) {
    expect_commands().reply(200, page());
    expect_commands().with_query("filter", kByDevice).reply(200, page(command("ACKNOWLEDGED")));

    EXPECT_EQ(outcome(poll(kCommand))["state"], "confirmed");
}

TEST_F(JamfPoll, AsksByComputerIfTheIdIsNoUuid) {
    expect_commands().with_query("filter", kByDevice).reply(200, page(command("PENDING")));

    const auto done = outcome(poll("4711"));

    EXPECT_EQ(done["state"], "accepted");
    EXPECT_EQ(done["continuation"], kCommand);
}

TEST_F(JamfPoll, GoesOnWhileTheListLagsBehindAnAcceptedLock) {
    expect_commands().reply(200, page());
    expect_commands().reply(200, page());

    const auto done = outcome(poll(kCommand));

    EXPECT_EQ(done["state"], "accepted");
    EXPECT_EQ(done["continuation"], kCommand);
}

TEST_F(JamfPoll, DoesNotTakeAnotherComputersOrKindOfCommandForTheLock) {
    expect_commands().reply(
        200, page(command("ACKNOWLEDGED", kCommand, "2026-01-01T00:00:01Z", kOther)));
    expect_commands().reply(200, page(command("ACKNOWLEDGED", kCommand, "2026-01-01T00:00:01Z",
                                              kAlice, "RESTART_DEVICE")));

    EXPECT_EQ(outcome(poll(kCommand))["state"], "accepted");
}

// PF-03
TEST_F(JamfPoll, ReadsTheNewestLockBackWhenTheAnswerWasLost) {
    expect_commands()
        .with_query("filter", kByDevice)
        .with_query("sort", "dateSent:desc")
        .reply(200, page(command("ERROR", kOlderCommand, "2026-01-01T00:00:01Z"),
                         command("ACKNOWLEDGED", kCommand, "2026-01-01T00:00:02Z")));

    EXPECT_EQ(outcome(poll(nullptr))["result_metadata"]["command_uuid"], kCommand);
}

// PF-03
TEST_F(JamfPoll, SaysThatNoLockWasSentSinceTheOrder) {
    expect_commands().reply(200,
                            page(command("ACKNOWLEDGED", kOlderCommand, "2025-12-31T23:58:59Z")));

    const auto done = outcome(poll(nullptr));

    EXPECT_EQ(done["state"], "failed");
    EXPECT_EQ(done["error"]["status"], "not_found");
}

TEST_F(JamfPoll, AllowsAServersClockToBeAMinuteLate) {
    expect_commands().reply(200, page(command("PENDING", kCommand, "2025-12-31T23:59:01Z")));

    EXPECT_EQ(outcome(poll(nullptr))["state"], "accepted");
}

// PF-03
TEST_F(JamfPoll, GoesByTheServersClockWhereItIsTold) {
    const std::vector<quell::HttpHeader> ten_minutes_late = {{"date", "Wed, 31 Dec 2025 23:50:00 GMT"}};
    expect_commands().reply(200, page(command("PENDING", kCommand, "2025-12-31T23:50:01Z")), ten_minutes_late);
    EXPECT_EQ(outcome(poll(nullptr))["state"], "accepted");

    const std::vector<quell::HttpHeader> ten_minutes_early = {{"date", "Thu, 01 Jan 2026 00:10:00 GMT"}};
    expect_commands().reply(200, page(command("PENDING", kCommand, "2026-01-01T00:05:00Z")), ten_minutes_early);
    EXPECT_EQ(outcome(poll(nullptr))["error"]["status"], "not_found") << "of before the order";
}

TEST_F(JamfPoll, CannotTellWhileTheServerIsDown) {
    for (const int status : {401, 403, 429, 500, 503}) {
        expect_commands().reply(status, refusal(status));
        EXPECT_NE(poll(kCommand).status(), Status::ok);
    }
    expect_commands().reply(200, "{\"totalCount\":1,\"resul");
    EXPECT_EQ(poll(kCommand).status(), Status::unavailable);
}

TEST_F(JamfPoll, RefusesAnIdThatCouldChangeTheFilter) {
    const auto answer = plugin_->call("device_containment/1", "poll",
                                      R"({"action":"lock_device","devices":[{
        "provider_device_id":"x,uuid==y","continuation":null,"since":"2026-01-01T00:00:00Z"}]})");

    EXPECT_EQ(answer.status(), Status::invalid_argument);
}

}  // namespace
}  // namespace jamf
