// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "policy/switches.hpp"

#include <gtest/gtest.h>

namespace quell::policy {
namespace {

template <class Settings>
std::string outcome(bool enabled, bool allow_via_mcp, Entry entry) {
    Settings settings;
    settings.enabled = enabled;
    settings.allow_via_mcp = allow_via_mcp;
    const auto result = check_switches(settings, entry);
    return result ? "allowed" : result.error()->key;
}

// V60
TEST(Switches, LetAgentsRevokeOnlyWithBothOn) {
    using Settings = config::SessionRevocationSettings;
    EXPECT_EQ(outcome<Settings>(true, true, Entry::mcp), "allowed");
    EXPECT_EQ(outcome<Settings>(true, false, Entry::mcp), "mcp_revocation_not_allowed");
    EXPECT_EQ(outcome<Settings>(false, true, Entry::mcp), "session_revocation_disabled");
    EXPECT_EQ(outcome<Settings>(false, false, Entry::mcp), "session_revocation_disabled");
}

// V61, TN-05
TEST(Switches, LetAgentsContainOnlyWithBothOn) {
    using Settings = config::DeviceContainmentSettings;
    EXPECT_EQ(outcome<Settings>(true, true, Entry::mcp), "allowed");
    EXPECT_EQ(outcome<Settings>(true, false, Entry::mcp), "mcp_containment_not_allowed");
    EXPECT_EQ(outcome<Settings>(false, true, Entry::mcp), "device_containment_disabled");
    EXPECT_EQ(outcome<Settings>(false, false, Entry::mcp), "device_containment_disabled");
}

TEST(Switches, HoldPeopleToTheFirstOne) {
    using Settings = config::DeviceContainmentSettings;
    EXPECT_EQ(outcome<Settings>(true, false, Entry::cli), "allowed");
    EXPECT_EQ(outcome<Settings>(false, true, Entry::cli), "device_containment_disabled");
}

TEST(Switches, NameTheSwitchAndWhoMayTurnIt) {
    config::DeviceContainmentSettings settings;
    settings.enabled = true;

    const auto refused = check_switches(settings, Entry::mcp);

    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error()->next_step.find("allow_via_mcp"), std::string::npos);
    EXPECT_NE(refused.error()->next_step.find("[device_containment]"), std::string::npos);
    EXPECT_NE(refused.error()->next_step.find("administrator"), std::string::npos);
}

}  // namespace
}  // namespace quell::policy
