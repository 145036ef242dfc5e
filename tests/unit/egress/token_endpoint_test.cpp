// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/token_endpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/encoding.hpp"
#include "json/parse.hpp"

namespace quell::egress {
namespace {

using testing::HasSubstr;
using testing::Not;

ConnectorValues okta_values(const crypto::PrivateKey& key) {
    ConnectorValues values;
    values.plain["base_url"] = "https://acme.okta.example";
    values.plain["client_id"] = "0oa1";
    values.plain["key_id"] = "kid-1";
    values.secrets.emplace("private_key", key.to_pem());
    values.secrets.emplace("client_secret", SecretString("a b&c=d"));
    return values;
}

json::Object profile(std::string_view type) {
    json::Object out;
    out["type"] = type;
    out["token_url"] = "{settings.base_url}/oauth2/v1/token";
    out["client_id"] = "{settings.client_id}";
    out["scope"] = "okta.users.read okta.users.manage";
    if (type == "oauth2_private_key_jwt") {
        out["private_key"] = "{settings.private_key}";
        out["key_id"] = "{settings.key_id}";
    } else {
        out["client_secret"] = "{settings.client_secret}";
    }
    return out;
}

TokenGrant grant_of(const json::Object& document, const ConnectorValues& values) {
    json::Object auth;
    auth["default"] = document;
    auto profiles = read_profiles(auth, values);
    EXPECT_TRUE(profiles) << profiles.error()->message;
    return std::get<TokenGrant>(std::move(profiles->at("default")));
}

TokenGrant okta_grant() {
    const crypto::PrivateKey key = crypto::PrivateKey::generate_p256();
    return grant_of(profile("oauth2_private_key_jwt"), okta_values(key));
}

std::string field(const std::string& form, const std::string& name) {
    const std::size_t begin = ("&" + form).find("&" + name + "=");
    if (begin == std::string::npos) {
        return "(absent)";
    }
    const std::size_t value = begin + name.size() + 1;
    return *percent_decode(form.substr(value, form.find('&', value) - value), true);
}

json::Object decoded(const std::string& assertion, std::size_t part) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < part; ++i) {
        begin = assertion.find('.', begin) + 1;
    }
    return json::parse(*from_base64url(assertion.substr(begin, assertion.find('.', begin) - begin)))
        ->as_object();
}

Error refusal(int status, const std::string& body) {
    const auto answer = read_token_answer({.status = status, .body = body}, okta_grant(), "okta");
    EXPECT_FALSE(answer);
    return answer.error();
}

TEST(TokenEndpoint, SendsClientCredentialsAsAForm) {
    const crypto::PrivateKey key = crypto::PrivateKey::generate_p256();
    const TokenGrant grant = grant_of(profile("oauth2_client_credentials"), okta_values(key));

    const HttpRequest request = token_request(grant, wall_now());

    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.url.path(), "/oauth2/v1/token");
    EXPECT_EQ(field(request.body, "grant_type"), "client_credentials");
    EXPECT_EQ(field(request.body, "client_id"), "0oa1");
    EXPECT_EQ(field(request.body, "client_secret"), "a b&c=d");
    EXPECT_EQ(field(request.body, "scope"), "okta.users.read okta.users.manage");
}

// RFC 7523 3, and Okta's narrower rules.
TEST(TokenEndpoint, SendsAClientAssertion) {
    const WallTime now = from_unix_millis(1'800'000'000'500);
    const TokenGrant grant = okta_grant();
    std::set<std::string> ids;

    for (int i = 0; i < 2; ++i) {
        const std::string form = token_request(grant, now).body;
        const std::string assertion = field(form, "client_assertion");
        const json::Object header = decoded(assertion, 0);
        const json::Object claims = decoded(assertion, 1);

        EXPECT_EQ(field(form, "client_assertion_type"),
                  "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        EXPECT_EQ(field(form, "client_secret"), "(absent)");
        EXPECT_EQ(header.at("alg"), "ES256");
        EXPECT_EQ(header.at("kid"), "kid-1");
        EXPECT_EQ(claims.at("iss"), "0oa1");
        EXPECT_EQ(claims.at("sub"), "0oa1");
        EXPECT_EQ(claims.at("aud"), "https://acme.okta.example/oauth2/v1/token");
        EXPECT_EQ(claims.at("iat"), 1'800'000'000);
        EXPECT_EQ(claims.at("exp"), 1'800'000'300);
        ids.emplace(json::text(claims.at("jti")));
    }
    EXPECT_EQ(ids.size(), 2U);
}

TEST(TokenEndpoint, LeavesOutAnOptionalMemberWhoseSettingIsAbsent) {
    const crypto::PrivateKey key = crypto::PrivateKey::generate_p256();
    ConnectorValues values = okta_values(key);
    values.plain.erase("key_id");

    const std::string form =
        token_request(grant_of(profile("oauth2_private_key_jwt"), values), wall_now()).body;

    EXPECT_FALSE(decoded(field(form, "client_assertion"), 0).contains("kid"));
}

TEST(TokenEndpoint, TakesATokenFrom200And201) {
    for (const int status : {200, 201}) {
        const auto answer = read_token_answer(
            {.status = status,
             .body = R"({"access_token":"abc","token_type":"bearer","expires_in":1799})"},
            okta_grant(), "x");
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->access_token.reveal(), "abc");
        EXPECT_EQ(answer->lifetime.count(), 1799);
    }
}

TEST(TokenEndpoint, BoundsTheLifetime) {
    for (const auto& [stated, seconds] :
         {std::pair("-5", 0), std::pair("1e9", 300), std::pair("999999999", 86400),
          std::pair("\"60\"", 300), std::pair("null", 300)}) {
        const auto answer = read_token_answer(
            {.status = 200,
             .body = std::string(R"({"access_token":"abc","expires_in":)") + stated + "}"},
            okta_grant(), "x");
        ASSERT_TRUE(answer) << stated;
        EXPECT_EQ(answer->lifetime.count(), seconds) << stated;
    }
}

TEST(TokenEndpoint, RefusesAnswersWithoutAUsableToken) {
    for (const std::string body :
         {"", "[]", "<html>", "{}", R"({"access_token":""})", R"({"access_token":5})",
          R"({"access_token":"a\r\nX: y"})", R"({"access_token":"a b"})",
          R"({"access_token":"a","token_type":"mac"})",
          R"({"access_token":"a","access_token":"b"})"}) {
        EXPECT_EQ(refusal(200, body)->code, Code::data_loss) << body;
    }
}

TEST(TokenEndpoint, SaysWhichConnectorAndSettingsWereRefused) {
    const Error error =
        refusal(401, R"({"error":"invalid_client","error_description":"SECRET-TEXT"})");

    EXPECT_EQ(error->code, Code::unauthenticated);
    EXPECT_EQ(error->key, "connector_misconfigured");
    EXPECT_THAT(error->message, HasSubstr("\"okta\""));
    EXPECT_THAT(error->message, HasSubstr("invalid_client"));
    EXPECT_THAT(error->message, Not(HasSubstr("SECRET-TEXT")));
    EXPECT_THAT(error->next_step, HasSubstr("private_key"));
    EXPECT_THAT(error->next_step, HasSubstr("client_id"));
    EXPECT_EQ(error->detail, "");
}

TEST(TokenEndpoint, NeverRepeatsAnUnknownErrorCode) {
    const Error error = refusal(400, R"({"error":"SECRET-TEXT"})");

    EXPECT_EQ(error->code, Code::failed_precondition);
    EXPECT_THAT(error->message, Not(HasSubstr("SECRET-TEXT")));
}

TEST(TokenEndpoint, NamesDpopAndWhatToChange) {
    for (const std::string body :
         {R"({"error":"use_dpop_nonce"})", R"({"error":"invalid_dpop_proof"})"}) {
        const Error error = refusal(400, body);
        EXPECT_EQ(error->code, Code::failed_precondition);
        EXPECT_THAT(error->message, HasSubstr("DPoP"));
        EXPECT_THAT(error->next_step, HasSubstr("turn off"));
    }
    EXPECT_EQ(refusal(200, R"({"access_token":"a","token_type":"DPoP"})")->code,
              Code::failed_precondition);
}

TEST(TokenEndpoint, MapsOtherStatuses) {
    EXPECT_EQ(refusal(403, "")->code, Code::permission_denied);
    EXPECT_EQ(refusal(429, "")->code, Code::resource_exhausted);
    EXPECT_EQ(refusal(500, "")->code, Code::unavailable);
    EXPECT_EQ(refusal(302, "")->code, Code::failed_precondition);
    EXPECT_TRUE(refusal(503, "")->retryable);
}

}  // namespace
}  // namespace quell::egress
