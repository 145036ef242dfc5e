// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "config/connector_check.hpp"

#include <gmock/gmock.h>

#include "config/settings_directory.hpp"
#include "json/parse.hpp"
#include "json/serialize.hpp"

namespace quell::config {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const char* const kSchema = R"({
  "type": "object", "additionalProperties": false, "required": ["base_url", "client_secret"],
  "properties": {
    "base_url": {"type": "string", "pattern": "^https://"},
    "page_size": {"type": "integer", "minimum": 1, "default": 100},
    "client_secret": {"type": "string", "minLength": 8, "x-secret": true}}})";

CheckedSettings check(const std::string& settings, const char* schema = kSchema) {
    SettingsDirectory directory;
    const Loaded loaded = directory.write("quell.toml", "[plugins.jamf]\nlibrary = \"jamf.so\"\n")
                              .write("tenants/acme.toml", "[connectors.jamf]\n" + settings)
                              .load();
    EXPECT_TRUE(loaded.ok());
    const auto& connector =
        loaded.settings.tenants.at(TenantId("acme")).connectors.at(ConnectorKey("jamf"));
    return check_connector_settings(connector, json::parse(schema).value());
}

std::vector<std::string> errors_of_settings(const std::string& settings,
                                            const char* schema = kSchema) {
    std::vector<std::string> found;
    for (const Diagnostic& error : check(settings, schema).errors)
        found.push_back(std::to_string(error.line) + ":" + std::to_string(error.column) + ": " +
                        error.message);
    return found;
}

TEST(ConnectorCheck, SeparatesSecretsAndAddsDefaults) {
    const auto checked =
        check("settings.base_url = \"https://x\"\nsettings.client_secret = { env = \"S\" }\n");

    EXPECT_THAT(checked.errors, IsEmpty());
    EXPECT_EQ(json::serialize(checked.plain), R"({"base_url":"https://x","page_size":100})");
    EXPECT_EQ(json::serialize(checked.secrets.at("client_secret")), R"({"env":"S"})");
}

TEST(ConnectorCheck, ReportsEachViolationAtItsPlace) {
    EXPECT_THAT(
        errors_of_settings(
            "[connectors.jamf.settings]\nbase_url = \"http://x\"\n  page_sise = 5\n"),
        UnorderedElementsAre(
            "2:18: `connectors.jamf.settings` does not fit: `/client_secret` is missing.",
            "3:1: `connectors.jamf.settings` does not fit: `/base_url` must match the pattern "
            "`^https://`.",
            "4:3: `connectors.jamf.settings` does not fit: `/page_sise` is not a known member; the "
            "nearest one is `page_size`."));
}

TEST(ConnectorCheck, RefusesWrittenSecretsWithoutRepeatingThem) {
    EXPECT_THAT(
        errors_of_settings(
            "[connectors.jamf.settings]\nbase_url = \"https://x\"\nclient_secret = \"hunter2\"\n"),
        ElementsAre("4:1: `connectors.jamf.settings` is a secret: `client_secret` must be a secret "
                    "reference: "
                    "{ env = \"NAME\" }, { file = \"/absolute/path\" } or { secret = "
                    "\"CONNECTOR:path#field\" }; "
                    "a secret is never written into the settings."));
}

TEST(ConnectorCheck, RefusesReferencesWhereNoSecretIsWanted) {
    EXPECT_THAT(
        errors_of_settings("[connectors.jamf.settings]\nbase_url = { env = \"X\" }\nclient_secret "
                           "= { env = \"S\" }\n"),
        ElementsAre("3:1: `connectors.jamf.settings` does not fit: `/base_url` must be a string."));
}

TEST(ConnectorCheck, ReportsMissingSettingsAtTheConnector) {
    EXPECT_THAT(errors_of_settings("", R"({"required":["a"]})"),
                ElementsAre("1:13: `connectors.jamf.settings` does not fit: `/a` is missing."));
}

TEST(ConnectorCheck, ReportsSchemasThatCannotBeUsed) {
    EXPECT_THAT(
        errors_of_settings("", R"({"propertys":{}})"),
        ElementsAre(
            "1:13: `connectors.jamf.settings` cannot be checked: The JSON schema is refused: "
            "`/propertys` is not a keyword that this host knows; the nearest one is "
            "`properties`."));
}

}  // namespace
}  // namespace quell::config
