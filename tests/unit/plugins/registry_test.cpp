// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// Loading and checking: what is wrong with one plugin or connector stays there.

#include "plugins/check.hpp"
#include "plugins/file_fixture.hpp"
#include "plugins/plugin_host.hpp"

namespace quell::plugins::test {
namespace {

using testing::HasSubstr;

PluginStatus status_of(PluginHost& host, const std::string& id) {
    for (PluginStatus& status : host.registry().plugins()) {
        if (status.id == PluginId(id)) {
            return std::move(status);
        }
    }
    return {};
}

class Loading : public testing::TestWithParam<config::Isolation> {};

// PL-06
TEST_P(Loading, OfABrokenPluginLeavesTheOthersServing) {
    PluginHost host("memory", GetParam());
    for (const char* id : {"wrong-abi", "no-entry", "absent"}) {
        host.add_plugin(id, GetParam());
        host.add_connector(id, id, {});
    }
    host.start();

    EXPECT_TRUE(host.resolve("x"));
    for (const char* id : {"wrong-abi", "no-entry", "absent"}) {
        EXPECT_EQ(key_of(host.resolve("x", {}, id)), "connector_unavailable") << id;
        EXPECT_EQ(status_of(host, id).backend.state, BackendStatus::State::failed) << id;
    }
    EXPECT_THAT(status_of(host, "wrong-abi").backend.reason, HasSubstr("ABI major"));
    EXPECT_THAT(status_of(host, "no-entry").backend.reason, HasSubstr("quell_plugin_entry"));
    EXPECT_THAT(status_of(host, "absent").backend.reason, HasSubstr("cannot be opened"));
}

INSTANTIATE_TEST_SUITE_P(BothModes, Loading,
                         testing::Values(config::Isolation::process, config::Isolation::in_process),
                         [](const auto& mode) { return std::string(config::to_string(mode.param)); });

TEST(Registry, RefusesAFileThatIsAnotherPlugin) {
    PluginHost host("memory", config::Isolation::process);
    host.plugin("memory").library = "faulty.so";
    host.plugin("memory").sha256 = digest_of("faulty.so");
    host.start();

    EXPECT_THAT(host.status().backend.reason, HasSubstr("the plugin `faulty`, not `memory`"));
}

TEST(Registry, FindsConnectorsByTenantAndCapability) {
    PluginHost host("memory", config::Isolation::in_process);
    host.add_plugin("faulty", config::Isolation::in_process);
    host.add_connector("second", "faulty", {{"base_url", "https://api.example.com"}});
    host.add_connector("off", "memory", {});
    host.settings().tenants.at(TenantId("acme")).connectors.at(ConnectorKey("off")).enabled = false;
    host.start();
    const TenantId acme("acme");

    EXPECT_EQ(host.registry().enabled(acme, "device_containment/1").size(), 2U);
    EXPECT_EQ(host.registry().enabled(acme, "health/1").size(), 1U);
    EXPECT_EQ(host.registry().enabled(TenantId("other"), "health/1").size(), 0U);
    EXPECT_EQ(host.registry().find(acme, ConnectorKey("off")), nullptr);
    EXPECT_EQ(host.registry().find(TenantId("other"), ConnectorKey("main")), nullptr);
}

TEST(Registry, NarrowsActions) {
    PluginHost host("memory", config::Isolation::in_process);
    host.settings().tenants.at(TenantId("acme")).connectors.at(ConnectorKey("main")).actions = {"network_contain"};
    host.start();

    EXPECT_TRUE(host.connector().allows("network_contain"));
    EXPECT_FALSE(host.connector().allows("release_containment"));
    EXPECT_FALSE(host.connector().allows("lock_device"));
}

TEST(Registry, KeepsAConnectorWithWrongSettingsAndSaysWhy) {
    PluginHost host("memory", config::Isolation::process, {{"asynchronous", "yes"}});
    host.start();

    const auto failure = host.resolve("x");

    EXPECT_EQ(key_of(failure), "connector_misconfigured");
    EXPECT_THAT(failure.error()->message, HasSubstr("quell check"));
    ASSERT_NE(host.connector().problem(), nullptr);
}

class Check : public FileTest {
  protected:
    std::vector<config::Diagnostic> check() { return check_plugins(host_.settings()); }
    config::ConnectorSettings& connector() {
        return host_.settings().tenants.at(TenantId("acme")).connectors.at(ConnectorKey("main"));
    }
    PluginHost host_{"memory", config::Isolation::process};
};

TEST_F(Check, FindsNothingWrongWithGoodSettings) { EXPECT_THAT(check(), testing::IsEmpty()); }

// PL-08
TEST_F(Check, NamesThePlaceOfAWrongSetting) {
    connector().settings = {{"asynchronous", "yes"}};
    connector().positions["/asynchronous"] = {"tenants/acme.toml", 7, 16};

    const auto found = check();

    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].file, "tenants/acme.toml");
    EXPECT_EQ(found[0].line, 7);
    EXPECT_EQ(found[0].column, 16);
    EXPECT_THAT(found[0].message, HasSubstr("[connectors.main]"));
}

TEST_F(Check, FindsUnknownActionsAndPlugins) {
    connector().actions = {"network_contian"};
    host_.add_connector("lost", "memroy", {});

    const auto found = check();

    ASSERT_EQ(found.size(), 2U);
    EXPECT_THAT(found[0].message, HasSubstr("`memory`"));
    EXPECT_THAT(found[1].message, HasSubstr("`network_contain`"));
}

// OP-06
TEST_F(Check, FindsASecretFileThatOthersMayRead) {
    const auto secret = put("secret", "s3cr3t");  // mode 0644
    connector().settings = {{"token", {{"file", secret.string()}}}};

    const auto found = check();

    ASSERT_EQ(found.size(), 1U);
    EXPECT_THAT(found[0].message, HasSubstr("`token`"));
    EXPECT_THAT(found[0].message, testing::Not(HasSubstr("s3cr3t")));
}

// PL-09
TEST_F(Check, FindsAWrongPin) {
    host_.plugin("memory").sha256 = std::string(64, '0');
    host_.plugin("memory").position = {"quell.toml", 9, 1};

    const auto found = check();

    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].line, 9);
    EXPECT_THAT(found[0].message, HasSubstr("not the pinned one"));
}

TEST_F(Check, FindsADestinationThatTheAdminDoesNotList) {
    host_.add_plugin("faulty", config::Isolation::process);
    host_.add_connector("far", "faulty", {{"base_url", "https://elsewhere.example.com"}});

    const auto found = check();

    ASSERT_EQ(found.size(), 1U);
    EXPECT_THAT(found[0].message, HasSubstr("`elsewhere.example.com:443`"));
}

}  // namespace
}  // namespace quell::plugins::test
