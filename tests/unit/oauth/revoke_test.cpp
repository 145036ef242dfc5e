// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gtest/gtest.h>

#include "oauth/browser.hpp"

namespace quell::oauth {
namespace {

struct Given {
    Browser browser;
    identity::CreatedClient created = browser.host.add_client(browser.host.a_client());
    identity::CreatedClient other = browser.host.add_client(browser.host.a_client());
    identity::User alice = browser.host.add_user("alice@corp.example");
    identity::IssuedTokens tokens = browser.host.grant(created.client, alice);

    http::Response revoke(const std::string& token, const identity::CreatedClient& by) {
        return browser.post("/oauth/revoke", {{"client_id", by.client.id.str()},
                                              {"client_secret", std::string(by.secret.reveal())},
                                              {"token", token}});
    }
    std::string check() { return identity::key_of(browser.host.authenticator.check_bearer(tokens.access_token)); }
    std::string refresh() {
        return identity::key_of(
            browser.host.run(browser.host.tokens.refresh(created.client, tokens.refresh_token, {})));
    }
};

TEST(Revoke, EndsAnAccessTokenAtOnce) {
    Given given;
    ASSERT_EQ(given.check(), "ok");

    EXPECT_EQ(given.revoke(given.tokens.access_token, given.created).status, 200U);

    EXPECT_EQ(given.check(), "invalid_token");
    EXPECT_EQ(given.refresh(), "ok");
    EXPECT_TRUE(given.browser.host.has_event("token_revoked"));
}

TEST(Revoke, EndsAllOfAGrantWithItsRefreshToken) {
    Given given;
    ASSERT_EQ(given.check(), "ok");

    EXPECT_EQ(given.revoke(given.tokens.refresh_token, given.created).status, 200U);

    EXPECT_EQ(given.check(), "invalid_token");
    EXPECT_EQ(given.refresh(), "invalid_grant");
}

TEST(Revoke, AnswersAnUnknownTokenLikeAKnownOne) {
    Given given;

    const http::Response unknown = given.revoke("qat_unknown", given.created);
    const http::Response known = given.revoke(given.tokens.access_token, given.created);
    const http::Response again = given.revoke(given.tokens.access_token, given.created);

    EXPECT_EQ(unknown.status, 200U);
    EXPECT_EQ(unknown.body, known.body);
    EXPECT_EQ(again.status, 200U);
}

// OA-19
TEST(Revoke, LeavesAnotherClientsTokenAlone) {
    Given given;

    EXPECT_EQ(given.revoke(given.tokens.access_token, given.other).status, 200U);
    EXPECT_EQ(given.revoke(given.tokens.refresh_token, given.other).status, 200U);

    EXPECT_EQ(given.check(), "ok");
    EXPECT_EQ(given.refresh(), "ok");
    EXPECT_FALSE(given.browser.host.has_event("token_revoked"));
}

TEST(Revoke, ServesAPublicClient) {
    Given given;
    identity::NewClient wanted = given.browser.host.a_client();
    wanted.confidential = false;
    given.created = given.browser.host.add_client(wanted);
    given.tokens = given.browser.host.grant(given.created.client, given.alice);

    EXPECT_EQ(given.browser.post("/oauth/mcp/revoke", {{"client_id", given.created.client.id.str()},
                                                       {"token", given.tokens.refresh_token},
                                                       {"token_type_hint", "access_token"}}).status, 200U);

    EXPECT_EQ(given.check(), "invalid_token");
}

TEST(Revoke, WantsAClientAndAToken) {
    Given given;

    EXPECT_EQ(given.browser.post("/oauth/revoke", {{"token", given.tokens.access_token}}).status, 401U);
    EXPECT_EQ(given.revoke("", given.created).status, 400U);
    EXPECT_EQ(given.check(), "ok");
}

}  // namespace
}  // namespace quell::oauth
