// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "jamf_test.hpp"

namespace jamf {
namespace {

using quell::Status;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class JamfMobile : public JamfTest {
  protected:
    JamfMobile() { configure(""); }

    void expect_found(const nlohmann::json& device) {
        expect_inventory().reply(200, page());
        expect_mobile_devices()
            .with_query("filter", "managementId==\"" + std::string(kAlice) + "\"")
            .reply(200, page(device));
    }
};

TEST_F(JamfMobile, AreFoundBySerialNumberWhereNoComputerHasIt) {
    expect_inventory().reply(200, page());
    expect_mobile_devices()
        .with_query("filter", R"(serialNumber=="DNPALICE0001")")
        .with_query("section", "GENERAL")
        .reply(200, page(mobile_device()));

    const auto device = resolve("serial_number", "DNPALICE0001").reply.at("devices").at(0);

    EXPECT_EQ(device["provider_device_id"], kOther);
    EXPECT_EQ(device["hostname"], "alice-phone");
    EXPECT_EQ(device["platform"], "iOS");
    EXPECT_EQ(device["user_email"], "alice@corp.example");
    EXPECT_EQ(device["last_seen"], "2026-01-01T00:00:00.000Z");
}

TEST_F(JamfMobile, AreNotAskedForOnceAComputerHasTheSerialNumber) {
    expect_inventory().reply(200, page(computer()));

    EXPECT_THAT(resolve("serial_number", "C02ALICE0001").reply.at("devices"), SizeIs(1));
}

TEST_F(JamfMobile, AreFoundByEmailAndNameBesideComputers) {
    expect_inventory().reply(200, page(computer()));
    expect_mobile_devices()
        .with_query("filter", R"(emailAddress=="alice@corp.example")")
        .reply(200, page(mobile_device()));
    EXPECT_THAT(resolve("user_email", "alice@corp.example").reply.at("devices"), SizeIs(2));

    expect_inventory().reply(200, page());
    expect_mobile_devices()
        .with_query("filter", R"(displayName=="alice-phone")")
        .reply(200, page(mobile_device(), mobile_device(kAlice, "alice-phone-2")));
    EXPECT_THAT(resolve("hostname", "alice-phone").reply.at("devices"), SizeIs(1));
}

TEST_F(JamfMobile, AreLeftOutIfAnEdrIsToAct) {
    expect_inventory().reply(200, page(computer()));

    const auto answer =
        resolve("user_email", "alice@corp.example", {{"action", "network_contain"}});

    EXPECT_THAT(answer.reply.at("devices"), SizeIs(1));
}

TEST_F(JamfMobile, AreNotMissedUnseenIfTheRoleMayNotReadThem) {
    expect_inventory().reply(200, page(computer()));
    expect_mobile_devices().reply(403, refusal(403));

    const auto answer = resolve("user_email", "alice@corp.example");

    EXPECT_EQ(answer.status(), Status::permission_denied);
    EXPECT_THAT(answer.error->message, HasSubstr("Read Mobile Devices"));
    EXPECT_THAT(answer.error->message, HasSubstr("mobile_devices = false"));
}

TEST_F(JamfMobile, AreNotWhereTheServerHasNoSearchForThem) {
    expect_inventory().reply(200, page());
    expect_mobile_devices().reply(404, "");

    EXPECT_THAT(resolve("hostname", "alice-phone").reply.at("devices"), IsEmpty());
}

TEST_F(JamfMobile, AreLockedWithoutAPin) {
    expect_found(mobile_device(kAlice));
    expect_lock().reply(201, R"([{"id":")" + std::string(kCommand) + R"(","href":"https://x"}])");

    const auto done = outcome(apply({{"lock", {{"pin", kPin}, {"message", "Stolen."}}}}));

    EXPECT_EQ(done["state"], "accepted");
    EXPECT_EQ(done["result_metadata"]["lock_pin_set"], false);
    const auto sent = nlohmann::json::parse(host_.requests().back().body);
    EXPECT_EQ(sent["commandData"],
              (nlohmann::json{{"commandType", "DEVICE_LOCK"}, {"message", "Stolen."}}));
}

TEST_F(JamfMobile, NameThePrivilegeThatTheirLockNeeds) {
    expect_found(mobile_device(kAlice));
    expect_lock().reply(403, refusal(403));

    EXPECT_THAT(outcome(apply())["error"]["message"].get<std::string>(),
                HasSubstr("Send Mobile Device Remote Lock Command"));
}

TEST_F(JamfMobile, AreRefusedByNameIfTheyCannotBeLocked) {
    const std::pair<nlohmann::json, std::string_view> cases[] = {
        {mobile_device(kAlice, "alice-phone", "iOS", false), "is not managed by Jamf Pro"},
        {mobile_device(kAlice, "alice-phone", "tvOS"), "is an Apple TV"}};
    for (const auto& [device, why] : cases) {
        expect_found(device);

        const auto done = outcome(apply());

        EXPECT_EQ(done["state"], "failed");
        EXPECT_THAT(done["error"]["message"].get<std::string>(),
                    ::testing::AllOf(HasSubstr("\"alice-phone\""), HasSubstr(why)));
    }
}

TEST_F(JamfMobile, AreReadBackAsLockedWithoutAPin) {
    auto row = command("ACKNOWLEDGED");
    row["client"]["clientType"] = "MOBILE_DEVICE";
    expect_commands().reply(200, page(row));

    const auto done = outcome(poll(kCommand));

    EXPECT_EQ(done["state"], "confirmed");
    EXPECT_EQ(done["result_metadata"]["lock_pin_set"], false);
}

}  // namespace
}  // namespace jamf
