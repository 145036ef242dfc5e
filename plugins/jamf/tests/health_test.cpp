// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "jamf_test.hpp"

namespace jamf {
namespace {

using ::testing::HasSubstr;

class JamfHealth : public JamfTest {
  protected:
    nlohmann::json check() { return plugin_->call("health/1", "check", "{}").reply; }

    static std::string granted(const nlohmann::json& privileges) {
        return nlohmann::json{{"account", {{"privilegesBySite", {{"-1", privileges}}}}}}.dump();
    }

    static nlohmann::json named(const nlohmann::json& report, std::string_view name) {
        for (const auto& check : report["checks"]) {
            if (check["name"] == name)
                return check;
        }
        return {};
    }
};

TEST_F(JamfHealth, IsWellWithAllPrivileges) {
    host_.expect("GET", "/api/v1/auth")
        .reply(200, granted({"Read Computers", "Send Computer Remote Lock Command",
                             "View MDM command information in Jamf Pro API"}));
    expect_inventory().reply(200, page());

    EXPECT_EQ(check()["healthy"], true);
}

TEST_F(JamfHealth, NamesTheMissingPrivilege) {
    host_.expect("GET", "/api/v1/auth").reply(200, granted({"Read Computers"}));
    expect_inventory().reply(200, page());

    const auto report = check();

    EXPECT_EQ(report["healthy"], false);
    EXPECT_EQ(named(report, "read_computers")["ok"], true);
    EXPECT_EQ(named(report, "send_lock")["ok"], false);
    EXPECT_THAT(named(report, "send_lock")["message"].get<std::string>(),
                HasSubstr("Send Computer Remote Lock Command"));
}

TEST_F(JamfHealth, NamesThePrivilegesForMobileDevicesWhereTheyAreWanted) {
    configure("");
    host_.expect("GET", "/api/v1/auth")
        .reply(200, granted({"Read Computers", "Send Computer Remote Lock Command",
                             "View MDM command information in Jamf Pro API"}));
    expect_inventory().reply(200, page());

    const auto report = check();

    EXPECT_EQ(report["healthy"], false);
    EXPECT_THAT(named(report, "read_mobile_devices")["message"].get<std::string>(),
                HasSubstr("Read Mobile Devices"));
    EXPECT_THAT(named(report, "send_mobile_lock")["message"].get<std::string>(),
                HasSubstr("Send Mobile Device Remote Lock Command"));
}

TEST_F(JamfHealth, SaysWhichInventoryVersionTheServerOffers) {
    host_.expect("GET", "/api/v1/auth")
        .reply(200, R"({"account":{"privilegeSet":"ADMINISTRATOR"}})");
    expect_inventory(4).reply(404, "");
    expect_inventory(3).reply(200, page());

    const auto report = check();

    EXPECT_EQ(report["healthy"], true);
    EXPECT_THAT(named(report, "inventory")["message"].get<std::string>(), HasSubstr("version 3"));
}

TEST_F(JamfHealth, PointsAtTheCredentials) {
    host_.expect("GET", "/api/v1/auth").reply(401, "");

    EXPECT_THAT(check()["checks"][0]["message"].get<std::string>(), HasSubstr("client_secret"));
}

}  // namespace
}  // namespace jamf
