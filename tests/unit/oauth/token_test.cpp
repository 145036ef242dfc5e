// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gtest/gtest.h>

#include "oauth/browser.hpp"

namespace quell::oauth {
namespace {

using identity::kVerifier;
using identity::ScopeSet;

struct Given {
    Browser browser;
    identity::CreatedClient created = browser.host.add_client(browser.host.a_client());
    identity::User alice = browser.host.add_user("alice@corp.example");

    std::string code() {
        const auto approval = browser.host.an_approval(created.client, alice);
        return browser.host.run(browser.host.tokens.approve(approval)).value();
    }
    Fields fields() { return browser.code_fields(created, code()); }
    http::Response token(const Fields& fields, std::string authorization = {}) {
        return browser.post("/oauth/token", fields, std::move(authorization));
    }
};

std::string basic(const identity::CreatedClient& created) {
    return "Basic " + to_base64(created.client.id.str() + ":" + std::string(created.secret.reveal()));
}

void expect_error(const http::Response& response, unsigned status, std::string_view error) {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_EQ(text(document(response), "error"), error) << response.body;
    EXPECT_EQ(header(response, "Cache-Control"), "no-store");
    EXPECT_EQ(document(response).contains("access_token"), false);
}

// V03
// V05
// OA-18
TEST(Token, AnswersACodeWithTokens) {
    Given given;

    const http::Response response = given.token(given.fields());

    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(header(response, "Content-Type"), "application/json");
    EXPECT_EQ(header(response, "Cache-Control"), "no-store");
    const json::Object tokens = document(response);
    EXPECT_EQ(text(tokens, "token_type"), "Bearer");
    EXPECT_EQ(tokens.at("expires_in").as_int64(), 900);
    EXPECT_EQ(text(tokens, "scope"), "challenges:create challenges:read sessions:revoke devices:contain");
    EXPECT_TRUE(given.browser.host.authenticator.check_bearer(text(tokens, "access_token")));
}

// OA-01
TEST(Token, RefusesACodeTheSecondTime) {
    Given given;
    const Fields fields = given.fields();
    const json::Object tokens = document(given.token(fields));

    expect_error(given.token(fields), 400, "invalid_grant");

    EXPECT_FALSE(given.browser.host.authenticator.check_bearer(text(tokens, "access_token")));
}

// OA-05
// V22
TEST(Token, RefusesAWrongOrMissingVerifier) {
    Given given;

    expect_error(given.token(with(given.fields(), "code_verifier", std::string(43, 'a'))), 400, "invalid_grant");
    expect_error(given.token(with(given.fields(), "code_verifier", "")), 400, "invalid_grant");
}

// OA-12
TEST(Token, KnowsOneResource) {
    Given given;

    expect_error(given.token(with(given.fields(), "resource", "https://evil.example/mcp")), 400, "invalid_target");
    EXPECT_EQ(given.token(with(given.fields(), "resource", "https://quell.example/mcp")).status, 200U);
}

// OA-14
TEST(Token, KnowsThreeGrants) {
    Given given;

    for (const std::string grant : {"password", "implicit", "urn:ietf:params:oauth:grant-type:device_code"}) {
        expect_error(given.token(with(given.fields(), "grant_type", grant)), 400, "unsupported_grant_type");
    }
    expect_error(given.token(with(given.fields(), "grant_type", "")), 400, "invalid_request");
    expect_error(given.token(with(given.fields(), "code", "")), 400, "invalid_request");
    expect_error(given.token(with(given.fields(), "grant_type", "client_credentials")), 400, "unauthorized_client");
}

// V22
// OA-15
TEST(Token, RefusesAWrongSecretAndThrottlesItsSource) {
    Given given;
    const Fields wrong = with(given.fields(), "client_secret", "wrong");

    for (int i = 0; i < 10; ++i) {
        const http::Response response = given.token(wrong);
        expect_error(response, 401, "invalid_client");
        EXPECT_EQ(header(response, "WWW-Authenticate"), "Basic realm=\"oauth\"");
    }
    const http::Response blocked = given.token(wrong);
    EXPECT_EQ(blocked.status, 429U);
    EXPECT_NE(header(blocked, "Retry-After"), "");
    EXPECT_EQ(given.token(given.fields()).status, 429U);
    given.browser.peer = "192.0.2.2";
    EXPECT_EQ(given.token(given.fields()).status, 200U);
}

TEST(Token, SaysTheSameOfAnUnknownClient) {
    Given given;

    const http::Response wrong = given.token(with(given.fields(), "client_secret", "wrong"));
    const http::Response missing = given.token(with(given.fields(), "client_secret", ""));
    const http::Response unknown = given.token(with(given.fields(), "client_id", "unknown"));

    expect_error(missing, 401, "invalid_client");
    EXPECT_EQ(wrong.body, unknown.body);
    EXPECT_EQ(missing.body, unknown.body);
    expect_error(given.token(with(given.fields(), "client_id", "")), 401, "invalid_client");
}

TEST(Token, TakesBasicAuthentication) {
    Given given;
    const Fields fields = with(with(given.fields(), "client_secret", ""), "client_id", "");

    EXPECT_EQ(given.token(fields, basic(given.created)).status, 200U);
    expect_error(given.token(given.fields(), "Basic !!!"), 400, "invalid_request");
    expect_error(given.token(fields, "Basic !!!"), 401, "invalid_client");
    expect_error(given.token(fields, "Basic " + to_base64("no colon")), 401, "invalid_client");
}

// OA-16
TEST(Token, RefusesTwoMethodsOfAuthentication) {
    Given given;

    expect_error(given.token(given.fields(), basic(given.created)), 400, "invalid_request");
    const Fields other = with(with(given.fields(), "client_secret", ""), "client_id", "other");
    expect_error(given.token(other, basic(given.created)), 400, "invalid_request");
}

// OA-17
TEST(Token, RefusesARepeatedParameter) {
    Given given;

    for (const std::string name : {"client_id", "code", "grant_type", "scope"}) {
        const std::string body = encode(given.fields()) + "&" + name + "=x&" + name + "=x";
        expect_error(given.browser.send("POST", "/oauth/token", {}, body, "application/x-www-form-urlencoded"), 400,
                     "invalid_request");
    }
}

// OA-18
TEST(Token, TakesAPostedFormAlone) {
    Given given;

    EXPECT_EQ(given.browser.get("/oauth/token", encode(given.fields())).status, 405U);
    const std::string body = encode(given.fields());
    expect_error(given.browser.send("POST", "/oauth/token", {}, body, "application/json"), 400, "invalid_request");
    expect_error(given.browser.send("POST", "/oauth/token", {}, body), 400, "invalid_request");
    expect_error(given.browser.send("POST", "/oauth/token", body, "", "application/x-www-form-urlencoded"), 400,
                 "invalid_request");
    expect_error(given.browser.send("POST", "/oauth/token", {}, "a=%ff", "application/x-www-form-urlencoded"), 400,
                 "invalid_request");
}

// OA-21
TEST(Token, KnowsADeletedClientNoMore) {
    Given given;
    const Fields fields = given.fields();
    ASSERT_TRUE(given.browser.host.clients.remove_and_wait(TenantId("acme"), given.created.client.id, "uid:0"));

    expect_error(given.token(fields), 401, "invalid_client");
}

// OA-22
TEST(Token, RefusesTheOldSecretAtOnce) {
    Given given;
    const Fields fields = given.fields();
    const auto fresh = given.browser.host.clients.regenerate_secret_and_wait(TenantId("acme"), given.created.client.id,
                                                                             "uid:0");

    expect_error(given.token(fields), 401, "invalid_client");
    EXPECT_EQ(given.token(with(fields, "client_secret", std::string(fresh->reveal()))).status, 200U);
}

// OA-08
// OA-09
// OA-10
TEST(Token, RefreshesWithinTheGrant) {
    Given given;
    const json::Object first = document(given.token(given.fields()));
    Fields fields = {{"grant_type", "refresh_token"},
                     {"client_id", given.created.client.id.str()},
                     {"client_secret", std::string(given.created.secret.reveal())},
                     {"refresh_token", text(first, "refresh_token")}};
    const identity::CreatedClient other = given.browser.host.add_client(given.browser.host.a_client());

    expect_error(given.token(with(fields, "scope", "admin")), 400, "invalid_scope");
    expect_error(given.token(with(with(fields, "client_id", other.client.id.str()), "client_secret",
                                  std::string(other.secret.reveal()))),
                 400, "invalid_grant");
    const http::Response second = given.token(with(fields, "scope", "devices:contain"));
    EXPECT_EQ(second.status, 200U);
    EXPECT_EQ(text(document(second), "scope"), "devices:contain");
    given.browser.host.now += std::chrono::seconds(31);
    expect_error(given.token(fields), 400, "invalid_grant");
    expect_error(given.token(with(fields, "refresh_token", text(document(second), "refresh_token"))), 400, "invalid_grant");
}

TEST(Token, ServesAPublicClient) {
    Given given;
    identity::NewClient wanted = given.browser.host.a_client();
    wanted.confidential = false;
    given.created = given.browser.host.add_client(wanted);

    EXPECT_EQ(given.token(with(given.fields(), "client_secret", "")).status, 200U);
    expect_error(given.token(with(given.fields(), "client_secret", "guess")), 401, "invalid_client");
}

// V06
// OA-11
TEST(Token, ServesAClientForItself) {
    Given given;
    identity::NewClient wanted = given.browser.host.a_client();
    wanted.redirect_uris.clear();
    wanted.scopes = ScopeSet{identity::Scope::devices_contain};
    given.created = given.browser.host.add_client(wanted);
    const Fields fields = {{"grant_type", "client_credentials"}, {"scope", "devices:contain sessions:revoke"}};

    const http::Response response = given.token(fields, basic(given.created));

    EXPECT_EQ(text(document(response), "scope"), "devices:contain");
    EXPECT_FALSE(document(response).contains("refresh_token"));
    expect_error(given.token(with(fields, "scope", "sessions:revoke"), basic(given.created)), 400, "invalid_scope");
}

TEST(Token, IsServedUnderItsSecondName) {
    Given given;

    EXPECT_EQ(given.browser.post("/oauth/mcp/token", given.fields()).status, 200U);
}

}  // namespace
}  // namespace quell::oauth
