// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "config/settings_directory.hpp"

namespace quell::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TenantSettings settings_of(const std::string& tenant_toml) {
    SettingsDirectory directory;
    directory.write("quell.toml", "[store]\nurl = \"sqlite:/q.db\"\n").write("tenants/acme.toml", tenant_toml);
    EXPECT_THAT(directory.errors(), IsEmpty());
    return directory.load().settings.tenants.at(TenantId("acme"));
}

// V86+
TEST(ChallengeSettings, AreOnAndGiveAQuarterOfAnHourIfNothingIsWritten) {
    const ChallengeSettings settings = settings_of("[tenant]\nname = \"Acme\"\n").challenges;

    EXPECT_TRUE(settings.enabled);
    EXPECT_EQ(settings.expiry, std::chrono::minutes(15));
    EXPECT_FALSE(settings.number_match);
}

TEST(ChallengeSettings, ReadEveryKey) {
    const ChallengeSettings settings = settings_of(R"([challenges]
enabled = false
expiry_minutes = 10080
number_match = true
max_open_per_target = 1
max_hourly_per_target = 5
)").challenges;

    EXPECT_FALSE(settings.enabled);
    EXPECT_EQ(settings.expiry, std::chrono::minutes(10'080));
    EXPECT_TRUE(settings.number_match);
    EXPECT_EQ(settings.max_open_per_target, 1);
    EXPECT_EQ(settings.max_hourly_per_target, 5);
}

class ExpiryOutOfRange : public testing::TestWithParam<const char*> {};

// V86+
TEST_P(ExpiryOutOfRange, CannotBeWritten) {
    EXPECT_THAT(errors_of_tenant(std::string("[challenges]\nexpiry_minutes = ") + GetParam() + "\n"),
                ElementsAre(HasSubstr("challenges.expiry_minutes")));
}

INSTANTIATE_TEST_SUITE_P(All, ExpiryOutOfRange, testing::Values("0", "10081", "-1", "1.5", "\"15\""));

// V91+
TEST(SupportSettings, ReadEveryKey) {
    const SupportSettings settings = settings_of(R"([support]
email = "security@acme.example"
phone = "+1 555 0100"
slack = "#security"
portal_url = "https://help.acme.example"
)").support;

    EXPECT_EQ(settings.email, "security@acme.example");
    EXPECT_EQ(settings.phone, "+1 555 0100");
    EXPECT_EQ(settings.slack, "#security");
    EXPECT_EQ(settings.portal_url, "https://help.acme.example");
}

TEST(SupportSettings, RefuseWhatWouldNotStandInOneLineAndLinksThatAreNotHttps) {
    EXPECT_THAT(errors_of_tenant("[support]\nphone = \"a\\nb\"\n"), ElementsAre(HasSubstr("support.phone")));
    EXPECT_THAT(errors_of_tenant("[support]\nportal_url = \"javascript:alert(1)\"\n"), ElementsAre(HasSubstr("support.portal_url")));
}

}  // namespace
}  // namespace quell::config
