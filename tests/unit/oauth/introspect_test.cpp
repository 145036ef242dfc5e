// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gtest/gtest.h>

#include "json/serialize.hpp"
#include "oauth/browser.hpp"

namespace quell::oauth {
namespace {

using identity::ScopeSet;

struct Given {
    Browser browser;
    identity::CreatedClient created = browser.host.add_client(browser.host.a_client());
    identity::User alice = browser.host.add_user("alice@corp.example");
    identity::IssuedTokens tokens = browser.host.grant(created.client, alice);

    Fields fields(const std::string& token) const {
        return {{"client_id", created.client.id.str()},
                {"client_secret", std::string(created.secret.reveal())},
                {"token", token}};
    }
    http::Response ask(const std::string& token) { return browser.post("/oauth/introspect", fields(token)); }
    std::string state(const std::string& token) { return ask(token).body; }
};

constexpr std::string_view kDead = R"({"active":false})";

TEST(Introspect, TellsAClientOfItsAccessToken) {
    Given given;

    const http::Response response = given.ask(given.tokens.access_token);

    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(header(response, "Cache-Control"), "no-store");
    const json::Object facts = document(response);
    EXPECT_EQ(facts.at("active"), true);
    EXPECT_EQ(text(facts, "token_type"), "Bearer");
    EXPECT_EQ(text(facts, "client_id"), given.created.client.id.str());
    EXPECT_EQ(text(facts, "username"), "alice@corp.example");
    EXPECT_EQ(text(facts, "sub"), "user:" + given.alice.id.str());
    EXPECT_EQ(text(facts, "scope"), ScopeSet::usual().to_string());
    EXPECT_EQ(text(facts, "aud"), "https://quell.example/mcp");
    EXPECT_EQ(text(facts, "iss"), "https://quell.example");
    EXPECT_EQ(facts.at("iat").as_int64(), 1'800'000'000);
    EXPECT_EQ(facts.at("exp").as_int64(), 1'800'000'900);
}

TEST(Introspect, TellsOfARefreshTokenUntilItIsUsed) {
    Given given;
    const json::Object facts = document(given.ask(given.tokens.refresh_token));
    EXPECT_EQ(facts.at("active"), true);
    EXPECT_FALSE(facts.contains("token_type"));

    ASSERT_TRUE(given.browser.host.run(given.browser.host.tokens.refresh(given.created.client, given.tokens.refresh_token, {})));

    EXPECT_EQ(given.state(given.tokens.refresh_token), kDead);
}

TEST(Introspect, TellsTheRightsThatAUserHasNow) {
    Given given;
    ASSERT_TRUE(given.browser.host.users.set_role_and_wait(TenantId("acme"), "alice@corp.example", identity::Role::viewer, "uid:0"));

    EXPECT_EQ(text(document(given.ask(given.tokens.access_token)), "scope"), "challenges:read");
    EXPECT_EQ(text(document(given.ask(given.tokens.refresh_token)), "scope"), "challenges:read");
}

TEST(Introspect, SaysNothingElseOfADeadToken) {
    Given given;

    EXPECT_EQ(given.state("qat_unknown"), kDead);
    EXPECT_EQ(given.ask("qat_unknown").status, 200U);
    given.browser.host.now += identity::kAccessTokenLife;
    EXPECT_EQ(given.state(given.tokens.access_token), kDead);
    given.browser.host.now += identity::kRefreshTokenLife;
    EXPECT_EQ(given.state(given.tokens.refresh_token), kDead);
}

// OA-20
TEST(Introspect, SaysOfAnotherClientsTokenThatItIsDead) {
    Given given;
    const identity::CreatedClient other = given.browser.host.add_client(given.browser.host.a_client());
    const identity::IssuedTokens foreign = given.browser.host.grant(other.client, given.alice);

    EXPECT_EQ(given.state(foreign.access_token), kDead);
    EXPECT_EQ(given.state(foreign.refresh_token), kDead);
}

TEST(Introspect, SaysOfATokenForAnotherResourceThatItIsDead) {
    Given given;
    given.browser.host.tamper("UPDATE access_tokens SET audience = 'https://other.example/mcp'");
    given.browser.host.tamper("UPDATE token_families SET resource = 'https://other.example/mcp'");

    EXPECT_EQ(given.state(given.tokens.access_token), kDead);
    EXPECT_EQ(given.state(given.tokens.refresh_token), kDead);
}

// OA-20
TEST(Introspect, WantsAClientThatProvesItself) {
    Given given;
    identity::NewClient wanted = given.browser.host.a_client();
    wanted.confidential = false;
    const identity::Client open = given.browser.host.add_client(wanted).client;
    const std::string token = given.tokens.access_token;

    for (const Fields& fields : {Fields{{"token", token}}, with(given.fields(token), "client_secret", "wrong"),
                                 with(given.fields(token), "client_secret", ""),
                                 Fields{{"token", token}, {"client_id", open.id.str()}}}) {
        const http::Response response = given.browser.post("/oauth/introspect", fields);
        EXPECT_EQ(response.status, 401U);
        EXPECT_EQ(text(document(response), "error"), "invalid_client");
        EXPECT_FALSE(document(response).contains("active"));
    }
}

TEST(Introspect, WantsOneTokenInAForm) {
    Given given;

    EXPECT_EQ(given.browser.post("/oauth/introspect", with(given.fields("x"), "token", "")).status, 400U);
    EXPECT_EQ(given.browser.send("POST", "/oauth/introspect", {}, encode(given.fields("x")) + "&token=y",
                                 "application/x-www-form-urlencoded").status, 400U);
    EXPECT_EQ(given.browser.send("POST", "/oauth/introspect", {}, "{}", "application/json").status, 400U);
    EXPECT_EQ(given.browser.get("/oauth/introspect").status, 405U);
    EXPECT_EQ(given.browser.post("/oauth/mcp/introspect", given.fields("x")).body, kDead);
}

}  // namespace
}  // namespace quell::oauth
