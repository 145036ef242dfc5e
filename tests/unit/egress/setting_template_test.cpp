// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/setting_template.hpp"

#include <gtest/gtest.h>

namespace quell::egress {
namespace {

ConnectorValues some_values() {
    ConnectorValues values;
    values.plain["base_url"] = "https://api.example:8443/";
    values.plain["port"] = 8080;
    values.plain["nothing"] = nullptr;
    values.plain["list"] = json::Array{};
    values.secrets.emplace("client_secret", SecretString("s3cret"));
    return values;
}

TEST(SettingTemplate, PutsSettingsIn) {
    const ConnectorValues values = some_values();

    EXPECT_EQ(*expand("no reference", values), "no reference");
    EXPECT_EQ(*expand("{settings.base_url}/oauth2/token", values),
              "https://api.example:8443/oauth2/token");
    EXPECT_EQ(*expand("h:{settings.port}-{settings.port}", values), "h:8080-8080");
    EXPECT_EQ(expand_secret("Key {settings.client_secret}", values)->reveal(), "Key s3cret");
}

TEST(SettingTemplate, RefusesSecretsWhereTheyWouldBeShown) {
    const auto result = expand("https://api.example/{settings.client_secret}", some_values());

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error()->message.find("s3cret"), std::string::npos);
}

TEST(SettingTemplate, NamesTheSettingThatIsMissing) {
    const auto result = expand("{settings.region}", some_values());

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error()->message, "The setting \"region\" is missing.");
    EXPECT_FALSE(expand("{settings.nothing}", some_values()));
    EXPECT_FALSE(expand("{settings.list}", some_values()));
}

TEST(SettingTemplate, RefusesOtherBraces) {
    for (const std::string_view text :
         {"{base_url}", "{settings.base_url", "}", "{", "{settings.port}}", "{{settings.port}}"}) {
        EXPECT_FALSE(expand(text, some_values())) << text;
    }
}

// A value is text, never a template: it cannot pull in a secret.
TEST(SettingTemplate, DoesNotExpandValuesAgain) {
    ConnectorValues values = some_values();
    values.plain["base_url"] = "{settings.client_secret}";

    EXPECT_EQ(*expand("{settings.base_url}", values), "{settings.client_secret}");
}

TEST(SettingTemplate, TakesTheHostAndPortOfAUrlForEgress) {
    const auto patterns =
        expand_egress({"{settings.base_url}", "*.example.com:443"}, some_values());

    ASSERT_TRUE(patterns);
    EXPECT_EQ(*patterns, (std::vector<std::string>{"api.example:8443", "*.example.com:443"}));
}

TEST(SettingTemplate, ListsTheSettingsOfAText) {
    EXPECT_EQ(setting_names("{settings.a}/{settings.b}"), (std::vector<std::string>{"a", "b"}));
    EXPECT_TRUE(setting_names("{a} settings.b").empty());
}

}  // namespace
}  // namespace quell::egress
