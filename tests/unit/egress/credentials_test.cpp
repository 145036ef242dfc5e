// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/parse.hpp"

namespace quell::egress {
namespace {

using testing::HasSubstr;

ConnectorValues some_values() {
    ConnectorValues values;
    values.plain["user"] = "alice";
    values.plain["base_url"] = "https://api.example";
    values.secrets.emplace("token", SecretString("t0ken"));
    values.secrets.emplace("broken", SecretString("a\r\nX: y"));
    values.secrets.emplace("empty", SecretString());
    values.secrets.emplace("key", crypto::PrivateKey::generate_p256().to_pem());
    return values;
}

Result<CredentialProfiles> read(const std::string& profile) {
    return read_profiles(json::parse(R"({"default":)" + profile + "}")->as_object(), some_values());
}

std::string header(const std::string& profile) {
    const auto profiles = read(profile);
    if (!profiles) {
        return profiles.error()->message;
    }
    const auto& fixed = std::get<FixedHeader>(profiles->at("default"));
    return fixed.name + ": " + std::string(fixed.value.reveal());
}

TEST(Credentials, MakesTheHeaderOfEachFixedType) {
    EXPECT_EQ(header(R"({"type":"bearer","token":"{settings.token}"})"),
              "Authorization: Bearer t0ken");
    EXPECT_EQ(
        header(R"({"type":"basic","username":"{settings.user}","password":"{settings.token}"})"),
        "Authorization: Basic YWxpY2U6dDBrZW4=");
    EXPECT_EQ(
        header(
            R"({"type":"header","name":"Authorization","prefix":"SSWS ","value":"{settings.token}"})"),
        "Authorization: SSWS t0ken");
    EXPECT_EQ(header(R"({"type":"header","name":"X-Vault-Token","value":"{settings.token}"})"),
              "X-Vault-Token: t0ken");
}

TEST(Credentials, RefusesAValueThatNoHeaderMayHold) {
    EXPECT_THAT(header(R"({"type":"bearer","token":"{settings.broken}"})"), HasSubstr("line feed"));
    EXPECT_THAT(header(R"({"type":"bearer","token":"{settings.empty}"})"), HasSubstr("empty"));
    EXPECT_THAT(header(R"({"type":"basic","username":"a:b","password":"x"})"), HasSubstr("colon"));
    EXPECT_THAT(header(R"({"type":"header","name":"X\r\nY","value":"x"})"),
                HasSubstr("not a header's name"));
    EXPECT_THAT(header(R"({"type":"header","name":"X","prefix":"a\n","value":"x"})"),
                HasSubstr("line feed"));
}

TEST(Credentials, NamesTheProfileAndTheSetting) {
    const auto missing = read(R"({"type":"bearer","token":"{settings.absent}"})");

    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error()->key, "connector_misconfigured");
    EXPECT_THAT(missing.error()->message, HasSubstr("\"default\""));
    EXPECT_THAT(missing.error()->message, HasSubstr("\"absent\""));
}

TEST(Credentials, RefusesUnknownTypesAndShapes) {
    for (
        const std::string profile :
        {R"({})", R"("bearer")", R"({"type":"ntlm"})", R"({"type":"bearer"})",
         R"({"type":"bearer","token":5})",
         R"({"type":"oauth2_client_credentials","client_id":"a","client_secret":"b"})",
         R"({"type":"oauth2_client_credentials","client_id":"a","client_secret":"b","token_url":"/relative"})",
         R"({"type":"oauth2_client_credentials","client_id":"a","client_secret":"b","token_url":"{settings.token}"})",
         R"({"type":"oauth2_private_key_jwt","client_id":"a","private_key":"{settings.token}","token_url":"https://a.example/"})"}) {
        EXPECT_FALSE(read(profile)) << profile;
    }
}

TEST(Credentials, RefusesAnAlgorithmThatTheKeyDoesNotHave) {
    const std::string rest =
        R"("type":"oauth2_private_key_jwt","client_id":"a","private_key":"{settings.key}","token_url":"https://a.example/"})";

    EXPECT_TRUE(read(R"({"algorithm":"ES256",)" + rest));
    EXPECT_FALSE(read(R"({"algorithm":"RS256",)" + rest));
}

}  // namespace
}  // namespace quell::egress
