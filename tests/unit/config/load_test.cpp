// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "config/load.hpp"

#include <gmock/gmock.h>

#include "config/settings_directory.hpp"

namespace quell::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const char* const kHost = R"(
[server]
listen = "[::]:8443"
public_url = "https://quell.example/"
tls_cert = "tls/cert.pem"
tls_key = "/abs/key.pem"
max_connections = 500
[admin]
socket = "admin.sock"
listen = "127.0.0.1:9443"
[store]
url = "sqlite:/var/lib/quell/q.db"
key = { env = "QUELL_STORE_KEY" }
[plugin_trust]
directory = "/opt/plugins"
require = "sha256"
keys = []
[plugins.crowdstrike]
library = "crowdstrike.so"
sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
isolation = "in_process"
sandbox = "off"
egress = ["api.crowdstrike.com:443", "*.crowdstrike.com:443"]
limits = { memory_mb = 256, concurrency = 8, call_timeout = "1500ms" }
)";

TEST(Load, ReadsEveryKeyOfTheHost) {
    SettingsDirectory directory;
    const Loaded loaded = directory.write("quell.toml", kHost).load({});

    EXPECT_THAT(directory.errors({}), IsEmpty());
    const Settings& settings = loaded.settings;
    EXPECT_EQ(to_string(settings.server.listen), "[::]:8443");
    EXPECT_EQ(settings.server.public_url, "https://quell.example");
    EXPECT_EQ(settings.server.tls_cert, directory.path() / "tls/cert.pem");
    EXPECT_EQ(settings.server.tls_key, "/abs/key.pem");
    EXPECT_EQ(settings.server.max_connections, 500U);
    EXPECT_EQ(settings.admin.socket, directory.path() / "admin.sock");
    EXPECT_EQ(to_string(settings.admin.listen.value()), "127.0.0.1:9443");
    EXPECT_EQ(settings.store.sqlite_path, "/var/lib/quell/q.db");
    EXPECT_EQ(settings.store.key.value().at("env").as_string(), "QUELL_STORE_KEY");
    EXPECT_EQ(settings.plugin_trust.directory, "/opt/plugins");
    EXPECT_EQ(settings.directory, directory.path());
}

TEST(Load, ReadsEveryKeyOfAPlugin) {
    const Loaded loaded = SettingsDirectory().write("quell.toml", kHost).load({});

    const PluginSettings& plugin = loaded.settings.plugins.at(PluginId("crowdstrike"));
    EXPECT_EQ(plugin.library, "crowdstrike.so");
    EXPECT_EQ(plugin.sha256.size(), 64U);
    EXPECT_EQ(plugin.isolation, Isolation::in_process);
    EXPECT_EQ(plugin.sandbox, Sandbox::off);
    EXPECT_THAT(plugin.egress, ElementsAre("api.crowdstrike.com:443", "*.crowdstrike.com:443"));
    EXPECT_EQ(plugin.limits.memory_mb, 256);
    EXPECT_EQ(plugin.limits.concurrency, 8);
    EXPECT_EQ(plugin.limits.call_timeout, Millis(1500));
    EXPECT_EQ(plugin.position.line, 18);
}

TEST(Load, HasTheDocumentedDefaults) {
    const Loaded loaded = SettingsDirectory()
                              .write("quell.toml", "[plugins.jamf]\nlibrary = \"jamf.so\"\n")
                              .load({.require_store_key = false});

    ASSERT_TRUE(loaded.ok());
    EXPECT_EQ(to_string(loaded.settings.server.listen), "127.0.0.1:8443");
    EXPECT_EQ(loaded.settings.server.public_url, "http://127.0.0.1:8443");
    EXPECT_EQ(loaded.settings.admin.socket, "/run/quell/admin.sock");
    EXPECT_FALSE(loaded.settings.admin.listen);
    EXPECT_EQ(loaded.settings.store.sqlite_path, "/var/lib/quell/quell.db");
    EXPECT_TRUE(loaded.settings.plugin_trust.directory.empty());
    const PluginSettings& plugin = loaded.settings.plugins.at(PluginId("jamf"));
    EXPECT_EQ(plugin.isolation, Isolation::process);
    EXPECT_EQ(plugin.sandbox, Sandbox::required);
    EXPECT_EQ(plugin.limits.memory_mb, 128);
    EXPECT_EQ(plugin.limits.concurrency, std::nullopt);
    EXPECT_EQ(plugin.limits.call_timeout, Millis(30'000));
    EXPECT_THAT(plugin.egress, IsEmpty());
    EXPECT_FALSE(plugin.allow_insecure_loopback);
}

TEST(Load, ReadsEveryKeyOfATenant) {
    const Loaded loaded =
        SettingsDirectory()
            .write("quell.toml", "[plugins.okta-sessions]\nlibrary = \"okta-sessions.so\"\n")
            .write("tenants/acme.toml", R"(
[tenant]
name = "Acme"
[session_revocation]
enabled = true
[device_containment]
enabled = true
allow_via_mcp = true
pin_in_result = true
wait_seconds = 50
poll_hours = 2
[connectors.okta]
plugin = "okta-sessions"
enabled = false
actions = ["revoke"]
[connectors.okta.settings]
base_url = "https://acme.okta.com"
retries = [1, { deep = 2.5 }]
private_key = { file = "/k.pem" }
)")
            .load({.require_store_key = false});

    ASSERT_TRUE(loaded.ok()) << to_string(loaded.errors.front());
    const TenantSettings& tenant = loaded.settings.tenants.at(TenantId("acme"));
    EXPECT_EQ(tenant.name, "Acme");
    EXPECT_TRUE(tenant.session_revocation.enabled);
    EXPECT_FALSE(tenant.session_revocation.allow_via_mcp);
    EXPECT_EQ(tenant.session_revocation.wait, std::chrono::seconds(20));
    EXPECT_EQ(tenant.device_containment.wait, std::chrono::seconds(50));
    EXPECT_EQ(tenant.device_containment.poll, std::chrono::hours(2));
    EXPECT_TRUE(tenant.device_containment.pin_in_result);
    const ConnectorSettings& okta = tenant.connectors.at(ConnectorKey("okta"));
    EXPECT_EQ(okta.plugin, PluginId("okta-sessions"));
    EXPECT_FALSE(okta.enabled);
    EXPECT_THAT(okta.actions.value(), ElementsAre("revoke"));
    EXPECT_EQ(okta.settings.at("retries").at(1).at("deep").as_double(), 2.5);
    EXPECT_EQ(okta.positions.at("/retries/1/deep").line, 18);
    EXPECT_EQ(okta.position.line, 12);
}

// OP-01, OP-05, PL-08
TEST(Load, CollectsEveryMistakeInOrder) {
    const auto errors = errors_of(R"([server]
lisen = "127.0.0.1:8443"
public_url = 5
[plugins.jamf]
library = "jamf.so"
isolation = "proces"
egress = ["*:443"]
limits = { memory = 1 }
[stor]
)");

    EXPECT_THAT(
        errors,
        ElementsAre(
            "quell.toml:2:1: `server.lisen` is not a known key; the nearest one is `listen`.",
            "quell.toml:3:1: `server.public_url` must be a string such as "
            "\"https://quell.example\"; it "
            "is an integer.",
            "quell.toml:6:1: `plugins.jamf.isolation` must be one of `process`, `in_process`; the "
            "nearest one is `process`.",
            "quell.toml:7:1: `plugins.jamf.egress` holds an entry that must be narrower: a star "
            "stands "
            "for labels before a domain, as in \"*.example.com:443\".",
            "quell.toml:8:12: `plugins.jamf.limits.memory` is not a known key; the nearest one is "
            "`memory_mb`.",
            "quell.toml:9:2: `stor` is not a known key; the nearest one is `store`."));
}

// PL-08
TEST(Load, NamesThePlaceAndTheAllowedValuesOfABadPlugin) {
    EXPECT_THAT(errors_of("[plugins.jamf]\nlibrary = \"jamf.so\"\nsandbox = false\n"),
                ElementsAre("quell.toml:3:1: `plugins.jamf.sandbox` must be one of `required`, "
                            "`best`, `off`; it is a "
                            "boolean."));
    EXPECT_THAT(errors_of("[plugins.jamf]\n"),
                ElementsAre("quell.toml:1:10: `plugins.jamf.library` is missing."));
}

TEST(Load, ReportsFilesThatCannotBeRead) {
    SettingsDirectory directory;
    EXPECT_THAT(directory.errors(),
                ElementsAre("quell.toml: The file cannot be read: No such file or directory."));
    std::filesystem::create_directory(directory.path() / "quell.toml");
    EXPECT_THAT(directory.errors(),
                ElementsAre("quell.toml: The file cannot be read: it is not a regular file."));
}

TEST(Load, ReportsSyntaxErrorsWithTheirPlace) {
    EXPECT_THAT(errors_of("[server]\nlisten = \"x\nkey = 1\n"),
                ElementsAre(HasSubstr("quell.toml:2:")));
    EXPECT_THAT(errors_of("a = 1\na = 2\n"), ElementsAre(HasSubstr("quell.toml:2:")));
    EXPECT_THAT(errors_of("a = \"\xFF\"\n"), ElementsAre(HasSubstr("quell.toml:1:")));
}

TEST(Load, ReadsTenantsEvenIfTheHostIsBroken) {
    const auto errors = SettingsDirectory()
                            .write("quell.toml", "[server\n")
                            .write("tenants/b.toml", "x = 1\n")
                            .write("tenants/a.toml", "[tenant]\nname = 5\n")
                            .errors();

    ASSERT_EQ(errors.size(), 3U);
    EXPECT_THAT(errors[0], HasSubstr("quell.toml:1:"));
    EXPECT_THAT(errors[1], HasSubstr("tenants/a.toml:2:1: `tenant.name` must be a string"));
    EXPECT_THAT(errors[2], HasSubstr("tenants/b.toml:1:1: `x` is not a known key"));
}

TEST(Load, TakesTheTenantsIdFromTheFileName) {
    const auto errors = SettingsDirectory()
                            .write("quell.toml", "")
                            .write("tenants/Acme Inc.toml", "")
                            .write("tenants/.toml", "")
                            .errors();
    EXPECT_THAT(
        errors,
        ElementsAre(HasSubstr("tenants/Acme Inc.toml: The file's name is the tenant's id")));
    EXPECT_THAT(SettingsDirectory()
                    .write("quell.toml", "")
                    .write("tenants/a.toml.bak", "{")
                    .write("tenants/x.md", "{")
                    .errors(),
                IsEmpty());
}

TEST(Load, NeedsTheStoreKeyOnlyWhereItIsUsed) {
    EXPECT_THAT(
        SettingsDirectory().write("quell.toml", "[store]\n").errors({.require_store_key = true}),
        ElementsAre(HasSubstr("quell.toml:1:2: `store.key` is missing")));
    EXPECT_THAT(SettingsDirectory().write("quell.toml", "").errors({.require_store_key = true}),
                ElementsAre(HasSubstr("quell.toml: `store.key` is missing")));
    EXPECT_THAT(errors_of("[store]\n"), IsEmpty());
}

TEST(Load, FindsNothingWrongWithTheExample) {
    const auto example =
        std::filesystem::path(__FILE__).parent_path() / "../../../config/quell.toml";

    const Loaded loaded = load(example);

    for (const Diagnostic& error : loaded.errors)
        ADD_FAILURE() << to_string(error);
    EXPECT_EQ(loaded.settings.plugins.size(), 4U);
    const TenantSettings& acme = loaded.settings.tenants.at(TenantId("acme"));
    EXPECT_EQ(acme.connectors.size(), 4U);
    EXPECT_EQ(acme.connectors.at(ConnectorKey("okta")).plugin, PluginId("okta-sessions"));
    for (const auto& [id, plugin] : loaded.settings.plugins)
        EXPECT_EQ(plugin.sha256, "") << "pins are written at installation";
}

}  // namespace
}  // namespace quell::config
