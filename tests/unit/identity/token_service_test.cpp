// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/token_service.hpp"

#include <gtest/gtest.h>

#include "identity/temporary_host.hpp"

namespace quell::identity {
namespace {

struct Given {
    TemporaryHost host;
    Client client = host.add_client(host.a_client()).client;
    User alice = host.add_user("alice@corp.example", Role::analyst);

    std::string code() { return host.run(host.tokens.approve(host.an_approval(client, alice))).value(); }
    Result<IssuedTokens> refresh(const std::string& token, std::optional<std::string> scope = {}) {
        return host.run(host.tokens.refresh(client, token, std::move(scope)));
    }
    std::string check(const IssuedTokens& tokens) {
        return key_of(host.authenticator.check_bearer(tokens.access_token));
    }
};

TEST(Code, GivesTokensOfFifteenMinutes) {
    Given given;

    const auto tokens = given.host.redeem(given.client, given.code());

    ASSERT_TRUE(tokens);
    EXPECT_EQ(tokens->expires_in, std::chrono::minutes(15));
    EXPECT_EQ(tokens->scopes, ScopeSet::usual());
    EXPECT_FALSE(tokens->refresh_token.empty());
    EXPECT_TRUE(given.host.has_event("consent_given"));
    EXPECT_TRUE(given.host.has_event("token_issued"));
}

// OA-01
TEST(Code, UsedTwiceKillsWhatItGave) {
    Given given;
    const std::string code = given.code();
    const auto tokens = given.host.redeem(given.client, code);
    ASSERT_EQ(given.check(*tokens), "ok");

    EXPECT_EQ(key_of(given.host.redeem(given.client, code)), "invalid_grant");

    EXPECT_EQ(given.check(*tokens), "invalid_token");
    EXPECT_EQ(key_of(given.refresh(tokens->refresh_token)), "invalid_grant");
    EXPECT_TRUE(given.host.has_event("code_replay"));
}

// OA-01
TEST(Code, UsedTwiceKillsWhatItGaveEvenLater) {
    Given given;
    const std::string code = given.code();
    const auto tokens = given.host.redeem(given.client, code);
    given.host.now += std::chrono::minutes(10);

    EXPECT_EQ(key_of(given.host.redeem(given.client, code)), "invalid_grant");

    EXPECT_EQ(given.check(*tokens), "invalid_token");
}

// OA-05
TEST(Code, NeedsItsVerifier) {
    Given given;
    const std::string code = given.code();
    const std::string redirect = given.client.redirect_uris.front().text();

    const auto wrong = given.host.run(given.host.tokens.redeem(given.client, code, redirect, std::string(43, 'a')));
    const auto missing = given.host.run(given.host.tokens.redeem(given.client, code, redirect, ""));

    EXPECT_EQ(key_of(wrong), "invalid_grant");
    EXPECT_EQ(key_of(missing), "invalid_grant");
}

// OA-06
TEST(Code, WithoutAStoredChallengeIsWorthless) {
    Given given;
    const std::string code = given.code();
    given.host.tamper("UPDATE authorization_codes SET code_challenge = ''");
    const std::string redirect = given.client.redirect_uris.front().text();

    EXPECT_EQ(key_of(given.host.redeem(given.client, code)), "invalid_grant");
    EXPECT_EQ(key_of(given.host.run(given.host.tokens.redeem(given.client, code, redirect, ""))), "invalid_grant");
}

// OA-29
TEST(Code, LivesSixtySeconds) {
    Given given;
    const std::string early = given.code();
    given.host.now += std::chrono::seconds(59);
    EXPECT_EQ(key_of(given.host.redeem(given.client, early)), "ok");

    const std::string late = given.code();
    given.host.now += std::chrono::seconds(60);
    EXPECT_EQ(key_of(given.host.redeem(given.client, late)), "invalid_grant");
}

TEST(Code, IsBoundToItsClientAndRedirect) {
    Given given;
    const Client other = given.host.add_client(given.host.a_client()).client;
    const std::string code = given.code();

    EXPECT_EQ(key_of(given.host.redeem(other, code)), "invalid_grant");
    EXPECT_EQ(key_of(given.host.run(given.host.tokens.redeem(given.client, code, "https://soar.example/other",
                                                             std::string(kVerifier)))),
              "invalid_grant");
    // OAuth 2.1 leaves redirect_uri out.
    EXPECT_EQ(key_of(given.host.run(given.host.tokens.redeem(given.client, code, "", std::string(kVerifier)))), "ok");
}

TEST(Refresh, Rotates) {
    Given given;
    const IssuedTokens first = given.host.grant(given.client, given.alice);

    const auto second = given.refresh(first.refresh_token);

    ASSERT_TRUE(second);
    EXPECT_NE(second->refresh_token, first.refresh_token);
    EXPECT_EQ(given.check(*second), "ok");
    EXPECT_EQ(given.check(first), "ok");
}

// OA-08
TEST(Refresh, GivesASiblingInsideTheGraceTime) {
    Given given;
    const IssuedTokens first = given.host.grant(given.client, given.alice);
    const auto second = given.refresh(first.refresh_token);
    given.host.now += std::chrono::seconds(30);

    const auto sibling = given.refresh(first.refresh_token);

    ASSERT_TRUE(sibling);
    EXPECT_NE(sibling->refresh_token, second->refresh_token);
    EXPECT_EQ(key_of(given.refresh(second->refresh_token)), "ok");
    EXPECT_EQ(key_of(given.refresh(sibling->refresh_token)), "ok");
}

// OA-08
TEST(Refresh, ReusedLaterKillsTheFamily) {
    Given given;
    const IssuedTokens first = given.host.grant(given.client, given.alice);
    const auto second = given.refresh(first.refresh_token);
    given.host.now += std::chrono::seconds(31);
    ASSERT_EQ(given.check(*second), "ok");

    EXPECT_EQ(key_of(given.refresh(first.refresh_token)), "invalid_grant");

    EXPECT_EQ(key_of(given.refresh(second->refresh_token)), "invalid_grant");
    EXPECT_EQ(given.check(*second), "invalid_token");
    EXPECT_TRUE(given.host.has_event("refresh_reuse"));
}

// OA-09
TEST(Refresh, NarrowsOneAccessTokenAndNeverWidens) {
    Given given;
    given.client.scopes = ScopeSet{Scope::sessions_revoke, Scope::devices_contain};
    const IssuedTokens first = given.host.grant(given.client, given.alice);
    given.client.scopes = ScopeSet::all();

    EXPECT_EQ(key_of(given.refresh(first.refresh_token, "devices:contain challenges:read")), "invalid_scope");
    EXPECT_EQ(key_of(given.refresh(first.refresh_token, "devices:contain unknown")), "invalid_scope");
    const auto narrow = given.refresh(first.refresh_token, "devices:contain");
    ASSERT_TRUE(narrow);
    EXPECT_EQ(narrow->scopes, ScopeSet{Scope::devices_contain});
    EXPECT_EQ(given.refresh(narrow->refresh_token)->scopes, (ScopeSet{Scope::sessions_revoke, Scope::devices_contain}));
}

// OA-10
TEST(Refresh, OfAnotherClientIsRefusedAndStaysGood) {
    Given given;
    const IssuedTokens tokens = given.host.grant(given.client, given.alice);
    const Client other = given.host.add_client(given.host.a_client()).client;

    EXPECT_EQ(key_of(given.host.run(given.host.tokens.refresh(other, tokens.refresh_token, {}))), "invalid_grant");

    EXPECT_EQ(key_of(given.refresh(tokens.refresh_token)), "ok");
}

TEST(Refresh, EndsAfterThirtyDays) {
    Given given;
    const IssuedTokens tokens = given.host.grant(given.client, given.alice);

    given.host.now += kRefreshTokenLife;

    EXPECT_EQ(key_of(given.refresh(tokens.refresh_token)), "invalid_grant");
}

TEST(Refresh, IsRefusedForAUserWhoLeft) {
    Given given;
    given.host.add_user("admin@corp.example", Role::admin);
    const IssuedTokens tokens = given.host.grant(given.client, given.alice);
    ASSERT_TRUE(given.host.users.remove_and_wait(TenantId("acme"), "alice@corp.example", "uid:0"));

    EXPECT_EQ(key_of(given.refresh(tokens.refresh_token)), "invalid_grant");
}

TEST(ClientCredentials, NarrowToTheClientsScopes) {
    TemporaryHost host;
    NewClient wanted = host.a_client();
    wanted.redirect_uris.clear();
    wanted.scopes = ScopeSet{Scope::devices_contain, Scope::sessions_revoke};
    const Client client = host.add_client(wanted).client;

    const auto all = host.run(host.tokens.client_credentials(client, {}));
    const auto some = host.run(host.tokens.client_credentials(client, "devices:contain challenges:read unknown"));
    const auto none = host.run(host.tokens.client_credentials(client, "challenges:read"));

    EXPECT_EQ(all->scopes, wanted.scopes);
    EXPECT_EQ(some->scopes, ScopeSet{Scope::devices_contain});
    EXPECT_TRUE(some->refresh_token.empty());
    EXPECT_EQ(key_of(none), "invalid_scope");
    EXPECT_TRUE(host.has_event("token_issued"));
}

TEST(ClientCredentials, AreForConfidentialClientsOnly) {
    Given given;
    Client client = given.client;
    client.grants = {GrantType::client_credentials};
    client.confidential = false;

    EXPECT_EQ(key_of(given.host.run(given.host.tokens.client_credentials(client, {}))), "unauthorized_client");
    EXPECT_EQ(key_of(given.host.run(given.host.tokens.client_credentials(given.client, {}))), "unauthorized_client");
}

// V25: deleted after it proved itself, before its token was made
TEST(ClientCredentials, GiveNothingToAClientThatIsGone) {
    TemporaryHost host;
    NewClient wanted = host.a_client();
    wanted.redirect_uris.clear();
    const Client client = host.add_client(wanted).client;
    ASSERT_TRUE(host.clients.remove_and_wait(client.tenant, client.id, "uid:0"));

    EXPECT_EQ(key_of(host.run(host.tokens.client_credentials(client, {}))), "invalid_client");
}

TEST(Consent, IsRememberedForThisClientAndTheseScopes) {
    Given given;
    Approval approval = given.host.an_approval(given.client, given.alice);
    approval.scopes = ScopeSet{Scope::devices_contain};
    ASSERT_FALSE(given.host.tokens.remembers(approval).value());
    static_cast<void>(given.host.run(given.host.tokens.approve(approval)).value());

    EXPECT_TRUE(given.host.tokens.remembers(approval).value());
    Approval wider = approval;
    wider.scopes = ScopeSet::all();
    EXPECT_FALSE(given.host.tokens.remembers(wider).value());
    Approval other = approval;
    other.client = given.host.add_client(given.host.a_client()).client;
    EXPECT_FALSE(given.host.tokens.remembers(other).value());
    given.host.now += kConsentLife;
    EXPECT_FALSE(given.host.tokens.remembers(approval).value());
}

}  // namespace
}  // namespace quell::identity
