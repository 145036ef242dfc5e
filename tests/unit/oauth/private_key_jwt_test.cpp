// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "crypto/jose.hpp"
#include "json/serialize.hpp"
#include "oauth/browser.hpp"

namespace quell::oauth {
namespace {

constexpr std::string_view kType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
constexpr std::string_view kIssuer = identity::kPublicUrl;
constexpr std::int64_t kNow = 1'800'000'000;

std::string jwks_of(const crypto::PrivateKey& key) {
    return R"({"keys":[)" + json::serialize(key.public_jwk("k1")) + "]}";
}

struct Given {
    Browser browser;
    crypto::PrivateKey key = crypto::PrivateKey::generate_p256();
    identity::Client client = add(jwks_of(key));

    identity::Client add(const std::string& jwks) {
        identity::NewClient wanted = browser.host.a_client();
        wanted.redirect_uris.clear();
        wanted.jwks = jwks;
        return browser.host.add_client(wanted).client;
    }
    json::Object claims() const {
        return {{"iss", client.id.str()}, {"sub", client.id.str()}, {"aud", kIssuer},
                {"exp", kNow + 60},       {"iat", kNow},            {"jti", random_token()}};
    }
    Fields fields(const std::string& assertion) const {
        return {{"grant_type", "client_credentials"},
                {"client_assertion_type", std::string(kType)},
                {"client_assertion", assertion}};
    }
    http::Response ask(const std::string& assertion) { return browser.post("/oauth/token", fields(assertion)); }
    http::Response ask(const json::Object& said) { return ask(key.sign_jwt("k1", said)); }
    std::string outcome(const json::Object& said) { return outcome_of(ask(said)); }
    static std::string outcome_of(const http::Response& response) {
        return response.status == 200 ? "ok" : text(document(response), "error");
    }
};

json::Value json_of(std::string_view text) {
    return json::Value(text);
}

json::Object changed(json::Object claims, std::string_view name, json::Value value) {
    claims[name] = std::move(value);
    return claims;
}

json::Object without(json::Object claims, std::string_view name) {
    claims.erase(name);
    return claims;
}

TEST(PrivateKeyJwt, GivesATokenForASignedAssertion) {
    Given given;

    const http::Response response = given.ask(given.claims());

    ASSERT_EQ(response.status, 200U) << response.body;
    const auto principal = given.browser.host.authenticator.check_bearer(text(document(response), "access_token"));
    EXPECT_EQ(principal->id, "client:" + given.client.id.str());
}

TEST(PrivateKeyJwt, IsMeantForTheIssuerOrTheTokenEndpointAlone) {
    Given given;

    EXPECT_EQ(given.outcome(changed(given.claims(), "aud", "https://quell.example/oauth/token")), "ok");
    EXPECT_EQ(given.outcome(changed(given.claims(), "aud", json::Array{kIssuer})), "ok");
    for (const json::Value& audience :
         {json::Value("https://quell.example/"), json::Value("https://evil.example"), json::Value("https://quell.example/mcp"),
          json::Value(json::Array{kIssuer, "https://evil.example"}), json::Value(json::Array{}), json::Value(1)}) {
        EXPECT_EQ(given.outcome(changed(given.claims(), "aud", audience)), "invalid_client") << json::serialize(audience);
    }
}

TEST(PrivateKeyJwt, IsGoodForOneUse) {
    Given given;
    const json::Object claims = given.claims();
    const std::string assertion = given.key.sign_jwt("k1", claims);

    EXPECT_EQ(Given::outcome_of(given.ask(assertion)), "ok");
    EXPECT_EQ(Given::outcome_of(given.ask(assertion)), "invalid_client");
    EXPECT_EQ(given.outcome(claims), "invalid_client");  // signed anew, the same id
    given.browser.host.now += std::chrono::seconds(80);
    EXPECT_EQ(Given::outcome_of(given.ask(assertion)), "invalid_client");
}

TEST(PrivateKeyJwt, LivesTenMinutesAtMost) {
    Given given;

    EXPECT_EQ(given.outcome(changed(given.claims(), "exp", kNow + 600)), "ok");
    EXPECT_EQ(given.outcome(changed(given.claims(), "exp", kNow - 20)), "ok");  // a clock that is late
    EXPECT_EQ(given.outcome(changed(given.claims(), "exp", kNow + 0.5)), "ok");
    for (const json::Value& expiry : {json::Value(kNow + 700), json::Value(kNow - 31), json::Value("1800000060"),
                                      json::Value(-1), json::Value(1e300), json::Value(nullptr)}) {
        EXPECT_EQ(given.outcome(changed(given.claims(), "exp", expiry)), "invalid_client") << json::serialize(expiry);
    }
    EXPECT_EQ(given.outcome(changed(given.claims(), "iat", kNow + 31)), "invalid_client");
    EXPECT_EQ(given.outcome(changed(given.claims(), "nbf", kNow + 31)), "invalid_client");
}

TEST(PrivateKeyJwt, NeedsEachClaim) {
    Given given;

    for (const std::string_view name : {"iss", "sub", "aud", "exp", "jti"}) {
        EXPECT_EQ(given.outcome(without(given.claims(), name)), "invalid_client") << name;
        EXPECT_EQ(given.outcome(changed(given.claims(), name, "")), "invalid_client") << name;
    }
    EXPECT_EQ(given.outcome(changed(given.claims(), "iss", "another")), "invalid_client");
    EXPECT_EQ(given.outcome(changed(given.claims(), "jti", json_of(std::string(300, 'x')))), "invalid_client");
}

TEST(PrivateKeyJwt, RefusesAnotherKeysSignature) {
    Given given;
    const identity::Client other = given.add(jwks_of(crypto::PrivateKey::generate_p256()));

    EXPECT_EQ(Given::outcome_of(given.ask(crypto::PrivateKey::generate_p256().sign_jwt("k1", given.claims()))), "invalid_client");
    EXPECT_EQ(given.outcome(changed(changed(given.claims(), "iss", json_of(other.id.str())), "sub",
                                     json_of(other.id.str()))), "invalid_client");
    const std::string unsigned_one = to_base64url(R"({"alg":"none"})") + "." + to_base64url(json::serialize(given.claims())) + ".";
    EXPECT_EQ(Given::outcome_of(given.ask(unsigned_one)), "invalid_client");
    EXPECT_EQ(Given::outcome_of(given.ask(std::string("x"))), "invalid_client");
}

TEST(PrivateKeyJwt, IsTheOnlyWayForAClientWithKeys) {
    Given given;
    const std::string id = given.client.id.str();

    for (const Fields& fields : {Fields{{"client_id", id}}, Fields{{"client_id", id}, {"client_secret", "x"}}}) {
        EXPECT_EQ(Given::outcome_of(given.browser.post("/oauth/token", with(fields, "grant_type", "client_credentials"))),
                  "invalid_client");
    }
    EXPECT_FALSE(given.browser.host.clients.regenerate_secret_and_wait(TenantId("acme"), given.client.id, "uid:0"));
    const identity::CreatedClient with_secret = given.browser.host.add_client(given.browser.host.a_client());
    EXPECT_EQ(given.outcome(changed(changed(given.claims(), "iss", json_of(with_secret.client.id.str())), "sub",
                                    json_of(with_secret.client.id.str()))),
              "invalid_client");
}

// OA-16
TEST(PrivateKeyJwt, IsNeverOneOfTwoMethods) {
    Given given;
    const Fields fields = given.fields(given.key.sign_jwt("k1", given.claims()));

    const auto error = [](const http::Response& response) { return text(document(response), "error"); };
    EXPECT_EQ(error(given.browser.post("/oauth/token", with(fields, "client_secret", "x"))), "invalid_request");
    EXPECT_EQ(error(given.browser.post("/oauth/token", fields, "Basic " + to_base64("a:b"))), "invalid_request");
    EXPECT_EQ(error(given.browser.post("/oauth/token", with(fields, "client_id", "another"))), "invalid_request");
    EXPECT_EQ(error(given.browser.post("/oauth/token", with(fields, "client_assertion_type", "x"))), "invalid_request");
    EXPECT_EQ(error(given.browser.post("/oauth/token", with(fields, "client_assertion_type", ""))), "invalid_request");
    EXPECT_EQ(error(given.browser.post("/oauth/token", with(fields, "client_assertion", ""))), "invalid_request");
    EXPECT_EQ(Given::outcome_of(given.browser.post("/oauth/token", with(fields, "client_id", given.client.id.str()))), "ok");
}

// OA-15
TEST(PrivateKeyJwt, ThrottlesTheSourceOfWrongOnes) {
    Given given;
    for (int i = 0; i < 10; ++i) {
        ASSERT_EQ(given.outcome(changed(given.claims(), "aud", "https://evil.example")), "invalid_client");
    }

    const http::Response blocked = given.ask(given.claims());

    EXPECT_EQ(blocked.status, 429U);
    EXPECT_NE(header(blocked, "Retry-After"), "");
    given.browser.peer = "192.0.2.2";
    EXPECT_EQ(given.outcome(given.claims()), "ok");
}

TEST(PrivateKeyJwt, ServesIntrospectionAndRevocation) {
    Given given;
    const std::string token = text(document(given.ask(given.claims())), "access_token");
    const auto fields = [&] {
        return with(given.fields(given.key.sign_jwt("k1", given.claims())), "token", token);
    };

    EXPECT_EQ(document(given.browser.post("/oauth/introspect", fields())).at("active"), true);
    EXPECT_EQ(given.browser.post("/oauth/revoke", fields()).status, 200U);
    EXPECT_EQ(document(given.browser.post("/oauth/introspect", fields())).at("active"), false);
}

TEST(PrivateKeyJwt, IsSetUpWithGoodPublicKeys) {
    Browser browser;
    identity::NewClient wanted = browser.host.a_client();
    wanted.jwks = R"({"keys":[{"kty":"oct","k":"c2VjcmV0"}]})";
    EXPECT_FALSE(browser.host.clients.create_and_wait(wanted, "uid:0"));

    wanted.jwks = jwks_of(crypto::PrivateKey::generate_p256());
    const auto made = browser.host.clients.create_and_wait(wanted, "uid:0");
    EXPECT_TRUE(made->secret.empty());
    EXPECT_TRUE(made->client.confidential);

    wanted.confidential = false;
    EXPECT_FALSE(browser.host.clients.create_and_wait(wanted, "uid:0"));
}

}  // namespace
}  // namespace quell::oauth
