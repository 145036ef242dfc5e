// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <algorithm>

#include "jamf_test.hpp"

namespace jamf {
namespace {

using quell::Status;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class JamfApply : public JamfTest {
  protected:
    static std::string queued() {
        return R"([{"id":")" + std::string(kCommand) + R"(","href":"https://x"}])";
    }

    // PF-03, PF-07: whatever happens, one order sends one lock at most.
    void TearDown() override {
        const auto locks =
            std::count_if(host_.requests().begin(), host_.requests().end(),
                          [](const auto& request) { return request.method == "POST"; });
        EXPECT_LE(locks, orders_);
        JamfTest::TearDown();
    }

    // A lock is sent only after the device was read.
    quell::testing::Exchange& expect_lock() {
        expect_device().reply(200, page(computer()));
        return JamfTest::expect_lock();
    }

    quell::testing::Exchange& expect_device() {
        return expect_inventory().with_query(
            "filter", "general.managementId==\"" + std::string(kAlice) + "\"");
    }

    quell::testing::Answer order(nlohmann::json changes = nlohmann::json::object()) {
        ++orders_;
        return apply(std::move(changes));
    }

    int orders_ = 0;
};

TEST_F(JamfApply, QueuesALockWithTheHostsPin) {
    expect_lock()
        .with_body(R"({"clientData":[{"managementId":"aaaaaaaa-3f1e-4b3a-a5b3-ca0cd7430937"}],
                       "commandData":{"commandType":"DEVICE_LOCK","pin":"918273"}})")
        .reply(201, queued());

    const auto done = outcome(order());

    EXPECT_EQ(done["state"], "accepted");
    EXPECT_EQ(done["continuation"], kCommand);
    EXPECT_EQ(done["result_metadata"]["command_uuid"], kCommand);
    EXPECT_FALSE(host_.requests().at(1).idempotent);
    EXPECT_FALSE(done["result_metadata"].contains("lock_pin_set"));
}

TEST_F(JamfApply, ShowsTheOrdersMessageBeforeThatOfTheSettings) {
    configure(R"(,"mobile_devices":false,"lock_message":"Call IT.")");
    expect_lock().with_body(R"({"commandData":{"message":"Call IT."}})").reply(201, queued());
    (void)order();
    expect_lock().with_body(R"({"commandData":{"message":"Stolen."}})").reply(201, queued());
    (void)order({{"lock", {{"pin", kPin}, {"message", "Stolen."}}}});
}

TEST_F(JamfApply, RefusesAnOrderThatIsNoLockOfOneComputer) {
    EXPECT_EQ(apply({{"lock", nullptr}}).status(), Status::invalid_argument);
    EXPECT_EQ(apply({{"lock", {{"pin", "1234"}}}}).status(), Status::invalid_argument);
    EXPECT_EQ(apply({{"lock", {{"pin", "12345x"}}}}).status(), Status::invalid_argument);
    EXPECT_EQ(apply({{"device_ids", {kAlice, kOther}}}).status(), Status::invalid_argument);
    EXPECT_EQ(apply({{"device_ids", {"42"}}}).status(), Status::invalid_argument);
    EXPECT_EQ(apply({{"action", "network_contain"}}).status(), Status::unimplemented);
    EXPECT_EQ(apply({{"action", "explode"}}).status(), Status::invalid_argument);
    EXPECT_THAT(host_.requests(), IsEmpty());
}

TEST_F(JamfApply, FailsOnARefusal) {
    const std::pair<int, std::string_view> cases[] = {
        {400, "unknown"},   {401, "unauthenticated"}, {403, "permission_denied"},
        {404, "not_found"}, {409, "aborted"},         {429, "resource_exhausted"}};
    for (const auto& [http_status, status] : cases) {
        expect_lock().reply(http_status, refusal(http_status));
        const auto done = outcome(order());
        EXPECT_EQ(done["state"], "failed");
        EXPECT_EQ(done["error"]["status"], status);
        EXPECT_EQ(done["error"]["http_status"], http_status);
    }
}

TEST_F(JamfApply, NamesTheMissingPrivilege) {
    expect_lock().reply(403, refusal(403));

    EXPECT_THAT(outcome(order())["error"]["message"].get<std::string>(),
                HasSubstr("Send Computer Remote Lock Command"));
}

TEST_F(JamfApply, SaysWhyALockMayBeRefused) {
    expect_lock().reply(400, refusal(400));

    EXPECT_THAT(outcome(order())["error"]["message"].get<std::string>(), HasSubstr("not managed"));
}

TEST_F(JamfApply, RefusesByNameAComputerThatIsNotManagedOrNotCapable) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {R"({"remoteManagement":{"managed":false}})", "is not managed by Jamf Pro"},
        {R"({"mdmCapable":{"capable":false}})", "takes no MDM commands"}};
    for (const auto& [general, why] : cases) {
        auto record = computer();
        record["general"].update(nlohmann::json::parse(general));
        expect_device().reply(200, page(record));

        const auto done = outcome(order());

        EXPECT_EQ(done["state"], "failed");
        EXPECT_EQ(done["error"]["status"], "unimplemented");
        EXPECT_THAT(done["error"]["message"].get<std::string>(),
                    ::testing::AllOf(HasSubstr("\"alice-mac.corp.example\""), HasSubstr(why)));
    }
}

TEST_F(JamfApply, SendsNothingIfTheDeviceCannotBeRead) {
    expect_device().reply(200, page());
    EXPECT_EQ(outcome(order())["error"]["status"], "not_found");
    expect_device().reply(503, "");
    EXPECT_EQ(outcome(order())["error"]["status"], "unavailable");
    expect_device().fail(quell::unavailable("connection lost"));
    EXPECT_EQ(outcome(order())["state"], "failed");
}

// PF-03: something in front of the server gave up waiting
TEST_F(JamfApply, ReadsTheCommandBackAfterATimeoutOfTheServer) {
    expect_lock().reply(408, "");
    expect_commands().reply(200, page(command("PENDING")));

    EXPECT_EQ(outcome(order())["continuation"], kCommand);
}

// PF-03
TEST_F(JamfApply, ReportsALostAnswerAsSuch) {
    expect_lock().fail(quell::unavailable("connection lost"));

    EXPECT_EQ(order().status(), Status::unavailable);
}

// PF-02, PF-03
TEST_F(JamfApply, ReadsTheCommandBackAfterAServerError) {
    expect_lock().reply(502, "");
    expect_commands().reply(200, page(command("PENDING")));

    const auto done = outcome(order());

    EXPECT_EQ(done["state"], "accepted");
    EXPECT_EQ(done["continuation"], kCommand);
}

// PF-03
TEST_F(JamfApply, CannotTellAfterAServerErrorWithoutACommand) {
    expect_lock().reply(500, refusal(500));
    expect_commands().reply(200, page());

    EXPECT_EQ(order().status(), Status::unavailable);
}

// PF-03: a refusal of the list says nothing about the lock
TEST_F(JamfApply, CannotTellAfterAServerErrorIfTheCommandsAreRefused) {
    for (const int status : {401, 403, 404, 429}) {
        expect_lock().reply(500, refusal(500));
        expect_commands().reply(status, refusal(status));

        EXPECT_EQ(order().status(), Status::unavailable) << status;
    }
}

// PF-04
TEST_F(JamfApply, NeverTakesABrokenAnswerForSuccess) {
    for (const std::string body : {"", "[]", "{}", "[{\"id\":", "[{\"id\":7}]", "<html>"}) {
        expect_lock().reply(201, body);
        expect_commands().reply(200, page());
        EXPECT_EQ(order().status(), Status::unavailable) << body;
    }
}

}  // namespace
}  // namespace jamf
