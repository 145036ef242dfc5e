// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "policy/integration_targets.hpp"

#include <gtest/gtest.h>

namespace quell::policy {
namespace {

using Names = std::optional<std::vector<std::string>>;

class IntegrationTargets : public testing::Test {
  protected:
    IntegrationTargets() {
        configure("crowdstrike", true);
        configure("jamf", false);
        configure("okta", true);
    }
    void configure(const std::string& key, bool enabled) {
        config::ConnectorSettings& settings = tenant_.connectors[ConnectorKey(key)];
        settings.key = ConnectorKey(key);
        settings.enabled = enabled;
    }
    Result<void> check(const Names& asked) {
        return check_integration_targets(
            asked, {.tenant = tenant_, .reserved = reserved_, .enabled = enabled_, .capability = "containment"});
    }
    std::string key_of(const Names& asked) {
        const auto result = check(asked);
        return result ? "accepted" : result.error()->key;
    }

    config::TenantSettings tenant_;
    std::vector<std::string_view> reserved_ = {"crowdstrike", "jamf", "phorion"};
    std::vector<std::string> enabled_ = {"crowdstrike"};
};

// V50, V62, TN-02
TEST_F(IntegrationTargets, RefuseEveryKeyButEnabledOnes) {
    EXPECT_EQ(key_of(std::nullopt), "accepted");
    EXPECT_EQ(key_of(Names{{"crowdstrike"}}), "accepted");
    EXPECT_EQ(key_of(Names{{"crowdstrike", "jamf"}}), "connector_not_enabled");
    EXPECT_EQ(key_of(Names{{"phorion"}}), "connector_not_enabled");
    EXPECT_EQ(key_of(Names{{"okta"}}), "action_not_supported");
    EXPECT_EQ(key_of(Names{{"nobody"}}), "unknown_connector");
}

TEST_F(IntegrationTargets, NameTheEnabledOnesInTheRefusal) {
    const auto refused = check(Names{{"jamf"}});

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error()->allowed, std::vector<std::string>{"crowdstrike"});
}

TEST_F(IntegrationTargets, DoNotRepeatWhatIsNoKey) {
    const auto refused = check(Names{{"<script>alert(1)</script>"}});

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error()->message.find("script"), std::string::npos);
}

TEST_F(IntegrationTargets, RefuseAnEmptyListAndRepeats) {
    EXPECT_EQ(key_of(Names{std::vector<std::string>{}}), "invalid_arguments");
    EXPECT_EQ(key_of(Names{{"crowdstrike", "crowdstrike"}}), "invalid_arguments");
}

TEST_F(IntegrationTargets, TellAPluginThatDoesNotRunFromADisabledConnector) {
    enabled_.clear();

    EXPECT_EQ(key_of(Names{{"crowdstrike"}}), "connector_unavailable");
    EXPECT_EQ(key_of(std::nullopt), "connector_not_enabled");
}

}  // namespace
}  // namespace quell::policy
