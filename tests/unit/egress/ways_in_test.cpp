// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "egress/credentials.hpp"
#include "egress/token_endpoint.hpp"
#include "json/parse.hpp"

namespace quell::egress {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

ConnectorValues values_of(std::string_view plain, std::string_view secret = "") {
    ConnectorValues values;
    values.plain = json::parse(plain)->get_object();
    if (!secret.empty()) {
        values.secrets.emplace(secret, SecretString("s3cret"));
    }
    return values;
}

Result<CredentialProfiles> read(std::string_view auth, const ConnectorValues& values) {
    const auto document = json::parse(auth);
    return read_profiles(document->get_object(), values);
}

constexpr std::string_view kTwoWays = R"({
  "default": {"type":"oauth2_client_credentials","token_url":"{settings.base_url}/token",
              "client_id":"{settings.client_id}","client_secret":"{settings.client_secret}",
              "form":{"member":"{settings.member}"}},
  "fixed": {"type":"header","name":"Authorization","prefix":"SSWS ","value":"{settings.api_token}"}})";

TEST(WaysIn, AreThoseWhoseSettingsAreThere) {
    const auto fixed =
        read(kTwoWays, values_of(R"({"base_url":"https://a.example"})", "api_token"));
    const auto grant =
        read(kTwoWays,
             values_of(R"({"base_url":"https://a.example","client_id":"x"})", "client_secret"));

    ASSERT_TRUE(fixed && grant);
    EXPECT_TRUE(fixed->contains("fixed") && !fixed->contains("default"));
    EXPECT_TRUE(grant->contains("default") && !grant->contains("fixed"));
}

TEST(WaysIn, AreRefusedIfNoneIsComplete) {
    const auto none = read(kTwoWays, values_of(R"({"base_url":"https://a.example"})"));

    ASSERT_FALSE(none);
    EXPECT_EQ(none.error()->key, "connector_misconfigured");
}

TEST(WaysIn, SendTheFieldsOfTheirFormWhoseSettingsAreThere) {
    const auto with = read(
        kTwoWays, values_of(R"({"base_url":"https://a.example","client_id":"x","member":"c 1"})",
                            "client_secret"));
    const auto without =
        read(kTwoWays,
             values_of(R"({"base_url":"https://a.example","client_id":"x"})", "client_secret"));

    ASSERT_TRUE(with && without);
    const auto form = [](const CredentialProfiles& profiles) {
        return token_request(std::get<TokenGrant>(profiles.at("default")), wall_now()).body;
    };
    EXPECT_THAT(form(*with), HasSubstr("&member=c%201"));
    EXPECT_THAT(form(*without), Not(HasSubstr("member")));
}

TEST(WaysIn, CannotReplaceAFieldOfTheStandard) {
    const auto profiles = read(
        R"({"default":{"type":"oauth2_client_credentials","token_url":"https://a.example/token",
            "client_id":"x","client_secret":"y","form":{"scope":"everything"}}})",
        values_of("{}"));

    ASSERT_FALSE(profiles);
    EXPECT_THAT(profiles.error()->message, HasSubstr("\"scope\""));
}

TEST(WaysIn, LeaveOutEgressOfSettingsThatAreAbsent) {
    const std::vector<std::string> entries = {"{settings.base_url}", "*.example.com:443"};

    EXPECT_THAT(*expand_egress(entries, values_of("{}")), ElementsAre("*.example.com:443"));
    EXPECT_FALSE(expand_egress({"{settings.base_url}"}, values_of("{}")));
}

}  // namespace
}  // namespace quell::egress
