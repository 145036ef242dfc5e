// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "containment/containment_rig.hpp"

namespace quell::containment {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> trace(const json::Value& device) {
    std::vector<std::string> steps;
    for (const json::Value& step : device.at("resolved_by").as_array()) {
        steps.push_back(text_of(step.at("connector")) + " " + text_of(step.at("lookup_type")));
    }
    return steps;
}

ContainArguments by_email(Action action = Action::network_contain) {
    return asked(action, LookupType::user_email, "alice@corp.example");
}

// V57, N15: e-mail -> the MDM's device -> its serial -> the EDR's device.
TEST(Resolution, ReachesTheEdrThroughTheMdmsSerial) {
    ContainmentRig rig;

    const auto answer = rig.contain(by_email());

    ASSERT_TRUE(answer) << answer.error()->message;
    EXPECT_THAT(rig.devices().ledger(), Contains("resolve crowdstrike serial_number C02ALICE0001"));
    EXPECT_EQ(text_of(first_device(*answer).at("provider_device_id")), "A1");
    EXPECT_THAT(trace(first_device(*answer)), ElementsAre("jamf user_email", "crowdstrike serial_number"));
}

TEST(Resolution, TakesTheHostnameOnlyWhereTheMdmHoldsNoSerial) {
    ContainmentRig rig;
    rig.devices().remove_devices();
    rig.devices().add_device("jamf",
                             a_device("M1", "alice-mac.corp.example", std::nullopt, "alice@corp.example"));
    rig.devices().add_device("crowdstrike", a_device("A1", "alice-mac.corp.example", "C02ALICE0001"));

    const auto answer = rig.contain(by_email());

    ASSERT_TRUE(answer);
    EXPECT_THAT(trace(first_device(*answer)), ElementsAre("jamf user_email", "crowdstrike hostname"));
}

TEST(Resolution, NeverTriesTheHostnameOfADeviceWithASerial) {
    ContainmentRig rig;
    rig.devices().remove_devices();
    rig.devices().add_device("jamf",
                             a_device("M1", "alice-mac.corp.example", "OTHERSERIAL", "alice@corp.example"));
    rig.devices().add_device("crowdstrike", a_device("A1", "alice-mac.corp.example", "C02ALICE0001"));

    const auto answer = rig.contain(by_email());

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error()->key, "device_not_found");
}

// V57, PF-10: no MDM, so an e-mail cannot be turned into devices.
TEST(Resolution, AdvisesWhatToDoWhereNoMdmIsEnabled) {
    ContainmentRig rig;
    FakeDevices only_edr;
    only_edr.add(crowdstrike_profile());
    Containment containment({.orders = rig.rig().orders(),
                             .connectors = only_edr,
                             .settings = rig.all_settings(),
                             .key = rig.rig().key(),
                             .store = rig.rig().store(),
                             .trail = rig.rig().trail()});

    const auto answer = rig.rig().run(containment.contain(rig.principal(), by_email(), Entry::mcp, {}));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error()->key, "mdm_required_for_email_lookup");
    EXPECT_THAT(answer.error()->next_step, HasSubstr("hostname"));
    EXPECT_THAT(answer.error()->next_step, HasSubstr("serial_number"));
    EXPECT_THAT(answer.error()->next_step, HasSubstr("MDM"));
    EXPECT_TRUE(only_edr.ledger().empty());
}

// PF-09, N15
TEST(Resolution, RefusesMoreThanOneDeviceWithTheCandidates) {
    ContainmentRig rig;
    rig.devices().add_device("crowdstrike", a_device("L1", "lab-imac.corp.example", "LAB1"));
    rig.devices().add_device("crowdstrike", a_device("L2", "lab-imac.corp.example", "LAB2"));

    const auto answer = rig.contain(asked(Action::network_contain, LookupType::hostname, "lab-imac.corp.example"));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error()->key, "device_ambiguous");
    ASSERT_EQ(answer.error()->candidates.size(), 2U);
    EXPECT_THAT(answer.error()->candidates[1], Contains(std::pair<std::string, std::string>("serial_number", "LAB2")));
    EXPECT_EQ(rig.devices().count("network_contain"), 0);
}

TEST(Resolution, TakesAllDevicesOfAPerson) {
    ContainmentRig rig;
    rig.devices().add_device("jamf", a_device("M2", "alice-old.corp.example", "C02ALICE0002", "alice@corp.example"));

    const auto answer = rig.contain(by_email(Action::lock_device));

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->at("integrations").at(0).at("devices").as_array().size(), 2U);
}

// V47: the action goes to connectors of the right kind only.
TEST(Resolution, LocksAtTheMdmAndContainsAtTheEdr) {
    ContainmentRig rig;

    ASSERT_TRUE(rig.contain(contain_alices_mac()));
    ASSERT_TRUE(rig.contain(asked(Action::lock_device, LookupType::hostname, "alice-mac.corp.example")));

    EXPECT_EQ(rig.devices().count("network_contain crowdstrike"), 1);
    EXPECT_EQ(rig.devices().count("network_contain jamf"), 0);
    EXPECT_EQ(rig.devices().count("lock_device jamf"), 1);
    EXPECT_EQ(rig.devices().count("lock_device crowdstrike"), 0);
}

TEST(Resolution, RefusesANamedConnectorThatCannotDoTheAction) {
    ContainmentRig rig;
    ContainArguments arguments = contain_alices_mac();
    arguments.integration_targets = {{"crowdstrike", "jamf"}};

    const auto answer = rig.contain(arguments);

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error()->key, "action_not_supported");
    EXPECT_TRUE(rig.devices().ledger().empty());
}

// V50, TN-02: nothing is asked of anyone.
TEST(Resolution, RefusesUnknownAndDisabledConnectorsBeforeAnyCall) {
    ContainmentRig rig;
    for (const auto& [name, key] : {std::pair("nobody", "unknown_connector"), {"phorion", "connector_not_enabled"}}) {
        ContainArguments arguments = contain_alices_mac();
        arguments.integration_targets = {{"crowdstrike", name}};

        const auto answer = rig.contain(arguments);

        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error()->key, key);
        EXPECT_THAT(answer.error()->allowed, ElementsAre("crowdstrike", "jamf"));
    }
    EXPECT_TRUE(rig.devices().ledger().empty());
}

TEST(Resolution, RefusesALookupTypeThatNoConnectorKnows) {
    ContainmentRig rig;
    FakeDevices narrow;
    Profile profile = crowdstrike_profile();
    profile.lookup_types = {LookupType::provider_device_id};
    narrow.add(profile);
    Containment containment({.orders = rig.rig().orders(),
                             .connectors = narrow,
                             .settings = rig.all_settings(),
                             .key = rig.rig().key(),
                             .store = rig.rig().store(),
                             .trail = rig.rig().trail()});

    const auto answer = rig.rig().run(containment.contain(rig.principal(), contain_alices_mac(), Entry::mcp, {}));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error()->key, "lookup_type_not_supported");
    EXPECT_THAT(answer.error()->allowed, ElementsAre("provider_device_id"));
}

TEST(Resolution, CountsAnMdmThatFailsAsAFailedTarget) {
    ContainmentRig rig;
    Profile second = jamf_profile();
    second.key = ConnectorKey("kandji");
    rig.devices().add(second);
    rig.devices().set_resolve_error("kandji", Error(Code::unavailable, "connector_unavailable", "down"));

    const auto answer = rig.contain(by_email(Action::lock_device));

    ASSERT_TRUE(answer);
    EXPECT_EQ(text_of(answer->at("status")), "partial");
    EXPECT_EQ(text_of(answer->at("integrations").at(1).at("error").at("key")), "connector_unavailable");
}

TEST(Resolution, FailsWithTheConnectorsErrorWhereNothingWasFound) {
    ContainmentRig rig;
    rig.devices().set_resolve_error("crowdstrike", Error(Code::resource_exhausted, "rate_limited", "slow").retryable(9));

    const auto answer = rig.contain(contain_alices_mac());

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error()->key, "rate_limited");
    EXPECT_EQ(answer.error()->retry_after_seconds, 9);
}

// The plugin is not trusted to have compared.
TEST(Resolution, RefusesADeviceThatContradictsTheQuestion) {
    ContainmentRig rig;
    class Liar final : public DeviceConnectors {
      public:
        std::span<const Profile> enabled(const TenantId&) const override { return {&profile_, 1}; }
        base::Task<std::vector<plugins::Device>> resolve(const TenantId&, const ConnectorKey&, plugins::Lookup, Action,
                                                         plugins::CallOptions) override {
            co_return std::vector<plugins::Device>(1, a_device("A9", "ceo-mac.corp.example", "CEO"));
        }
        base::Task<std::vector<plugins::DeviceOutcome>> apply(const TenantId&, const ConnectorKey&,
                                                              plugins::DeviceAction, plugins::CallOptions) override {
            co_return internal_error("applied");
        }
        base::Task<std::vector<plugins::DeviceOutcome>> poll(const TenantId&, const ConnectorKey&, plugins::DevicePoll,
                                                             plugins::CallOptions) override {
            co_return internal_error("polled");
        }

      private:
        Profile profile_ = crowdstrike_profile();
    } liar;
    Containment containment({.orders = rig.rig().orders(),
                             .connectors = liar,
                             .settings = rig.all_settings(),
                             .key = rig.rig().key(),
                             .store = rig.rig().store(),
                             .trail = rig.rig().trail()});

    const auto answer = rig.rig().run(containment.contain(rig.principal(), contain_alices_mac(), Entry::mcp, {}));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error()->key, "plugin_bad_result");
}

// V55, V56, V62
TEST(Capabilities, NameKeysActionsLookupTypesDefaultsAndSwitches) {
    ContainmentRig rig;
    rig.settings().allow_via_mcp = false;

    const auto document = rig.containment().capabilities(rig.principal(), Entry::mcp);

    ASSERT_TRUE(document);
    EXPECT_EQ(document->at("supported"), (json::Array{"crowdstrike", "jamf", "phorion"}));
    EXPECT_EQ(document->at("enabled"), (json::Array{"crowdstrike", "jamf"}));
    EXPECT_EQ(document->at("default_targets"), (json::Array{"crowdstrike", "jamf"}));
    const json::Value& crowdstrike = document->at("integrations").at(0);
    EXPECT_EQ(crowdstrike.at("actions"), (json::Array{"network_contain", "release_containment"}));
    EXPECT_EQ(crowdstrike.at("lookup_types"), (json::Array{"hostname", "serial_number", "provider_device_id"}));
    EXPECT_EQ(crowdstrike.at("lookup_types_via_mdm"), (json::Array{"user_email"}));
    EXPECT_EQ(text_of(document->at("switches").at("error").at("key")), "mcp_containment_not_allowed");
}

}  // namespace
}  // namespace quell::containment
