// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/api_keys.hpp"

#include <gtest/gtest.h>

#include "identity/temporary_host.hpp"

namespace quell::identity {
namespace {

constexpr std::string_view kHome = "192.0.2.1";

struct Given {
    TemporaryHost host;
    User alice = host.add_user("alice@corp.example", Role::analyst);

    NewApiKey a_key(std::string name = "laptop") const {
        return {.tenant = TenantId("acme"), .email = "alice@corp.example", .name = std::move(name), .scopes = ScopeSet::all()};
    }
    CreatedApiKey add(const NewApiKey& wanted) { return host.keys.create_and_wait(wanted, "uid:0").value(); }
    std::string check(const CreatedApiKey& key, std::string_view peer = kHome) {
        return key_of(host.authenticator.check_key(key.secret.reveal(), peer));
    }
    std::string key_error(const NewApiKey& wanted) {
        const auto made = host.keys.create_and_wait(wanted, "uid:0");
        return made ? "ok" : made.error()->key;
    }
};

// E01
// E18
TEST(ApiKeys, ActAsTheirUserWithinTheirScopes) {
    Given given;
    NewApiKey wanted = given.a_key();
    wanted.scopes = {Scope::devices_contain};
    const CreatedApiKey key = given.add(wanted);

    const auto principal = given.host.authenticator.check_key(key.secret.reveal(), kHome);

    ASSERT_TRUE(principal);
    EXPECT_EQ(principal->id, "user:" + given.alice.id.str());
    EXPECT_EQ(principal->tenant, TenantId("acme"));
    EXPECT_EQ(principal->label, "alice@corp.example (key laptop)");
    EXPECT_EQ(principal->scopes, ScopeSet{Scope::devices_contain});
    EXPECT_TRUE(principal->client.empty());
}

TEST(ApiKeys, NeverHaveMoreThanTheUsersPresentRole) {
    Given given;
    const CreatedApiKey key = given.add(given.a_key());
    ASSERT_EQ(given.check(key), "ok");

    ASSERT_TRUE(given.host.users.set_role_and_wait(TenantId("acme"), "alice@corp.example", Role::viewer, "uid:0"));

    EXPECT_EQ(given.host.authenticator.check_key(key.secret.reveal(), kHome)->scopes, ScopeSet{Scope::challenges_read});
}

TEST(ApiKeys, AreKeptOnlyAsTheirDigest) {
    Given given;
    const CreatedApiKey key = given.add(given.a_key());

    EXPECT_TRUE(key.secret.reveal().starts_with("qak_"));
    EXPECT_GE(key.secret.reveal().size(), 44U);
    const auto rows = given.host.keys.list(TenantId("acme"));
    ASSERT_EQ(rows->size(), 1U);
    EXPECT_EQ(rows->front().name, "laptop");
    EXPECT_EQ(rows->front().email, "alice@corp.example");
    EXPECT_EQ(given.host.keys.list(TenantId("other"))->size(), 0U);
}

TEST(ApiKeys, AreNoTokens) {
    Given given;
    const CreatedApiKey key = given.add(given.a_key());
    const CreatedClient client = given.host.add_client(given.host.a_client());
    const IssuedTokens tokens = given.host.grant(client.client, given.alice);

    EXPECT_EQ(key_of(given.host.authenticator.check_bearer(key.secret.reveal())), "invalid_token");
    EXPECT_EQ(key_of(given.host.authenticator.check_key(tokens.access_token, kHome)), "invalid_token");
    EXPECT_EQ(key_of(given.host.authenticator.check_key("qak_guess", kHome)), "invalid_token");
    EXPECT_EQ(key_of(given.host.authenticator.check_key(std::string(100'000, 'x'), kHome)), "invalid_token");
}

TEST(ApiKeys, Expire) {
    Given given;
    NewApiKey wanted = given.a_key();
    wanted.expires_at = given.host.now + std::chrono::hours(1);
    const CreatedApiKey key = given.add(wanted);
    ASSERT_EQ(given.check(key), "ok");

    given.host.now += std::chrono::hours(1);

    EXPECT_EQ(given.check(key), "invalid_token");
    wanted.expires_at = given.host.now;
    EXPECT_EQ(given.key_error(wanted), "invalid_arguments");
}

TEST(ApiKeys, WorkFromTheirAddressesAlone) {
    Given given;
    NewApiKey wanted = given.a_key();
    wanted.networks = {Network::parse("192.0.2.0/24").value(), Network::parse("2001:db8::/32").value()};
    const CreatedApiKey key = given.add(wanted);

    EXPECT_EQ(given.check(key, "192.0.2.7"), "ok");
    EXPECT_EQ(given.check(key, "198.51.100.1"), "invalid_token");
    EXPECT_EQ(given.check(key, "2001:db8::7"), "ok");
    EXPECT_EQ(given.check(key, "uid:0"), "invalid_token");
}

TEST(ApiKeys, EndAtOnceWhenDeleted) {
    Given given;
    const CreatedApiKey key = given.add(given.a_key());
    const CreatedApiKey other = given.add(given.a_key("ci"));
    ASSERT_EQ(given.check(key), "ok");

    ASSERT_TRUE(given.host.keys.remove_and_wait(TenantId("acme"), key.key.id, "uid:0"));

    EXPECT_EQ(given.check(key), "invalid_token");
    EXPECT_EQ(given.check(other), "ok");
    EXPECT_FALSE(given.host.keys.remove_and_wait(TenantId("acme"), key.key.id, "uid:0"));
    EXPECT_FALSE(given.host.keys.remove_and_wait(TenantId("other"), other.key.id, "uid:0"));
    EXPECT_TRUE(given.host.has_event("api_key_deleted"));
}

TEST(ApiKeys, EndWithTheirUsersMembership) {
    Given given;
    given.host.add_user("admin@corp.example", Role::admin);
    given.host.add_user("alice@corp.example", Role::analyst, "other");
    const CreatedApiKey key = given.add(given.a_key());
    ASSERT_EQ(given.check(key), "ok");

    ASSERT_TRUE(given.host.users.remove_and_wait(TenantId("acme"), "alice@corp.example", "uid:0"));

    EXPECT_EQ(given.check(key), "invalid_token");
    given.host.add_user("alice@corp.example", Role::analyst, "acme");
    EXPECT_EQ(given.check(key), "invalid_token");
}

// E20
TEST(ApiKeys, WhenRotatedEndEverythingThatActsForTheUser) {
    Given given;
    const CreatedApiKey key = given.add(given.a_key());
    const CreatedApiKey other = given.add(given.a_key("ci"));
    const CreatedClient client = given.host.add_client(given.host.a_client());
    const IssuedTokens tokens = given.host.grant(client.client, given.alice);
    const std::string code = given.host.run(given.host.tokens.approve(given.host.an_approval(client.client, given.alice))).value();
    const std::string login = given.host.run(given.host.logins.start(given.alice, "")).value();
    ASSERT_EQ(key_of(given.host.authenticator.check_bearer(tokens.access_token)), "ok");
    ASSERT_EQ(given.check(key), "ok");

    const auto rotated = given.host.keys.rotate_and_wait(TenantId("acme"), key.key.id, "uid:0");

    ASSERT_TRUE(rotated);
    EXPECT_EQ(rotated->key.id, key.key.id);
    EXPECT_EQ(given.check(*rotated), "ok");
    EXPECT_EQ(given.check(key), "invalid_token");
    EXPECT_EQ(given.check(other), "invalid_token");
    EXPECT_EQ(key_of(given.host.authenticator.check_bearer(tokens.access_token)), "invalid_token");
    EXPECT_EQ(key_of(given.host.run(given.host.tokens.refresh(client.client, tokens.refresh_token, {}))), "invalid_grant");
    EXPECT_EQ(key_of(given.host.redeem(client.client, code)), "invalid_grant");
    EXPECT_FALSE(given.host.tokens.remembers(given.host.an_approval(client.client, given.alice)).value());
    EXPECT_FALSE(given.host.logins.find(login).value().has_value());
    EXPECT_TRUE(given.host.has_event("api_key_rotated"));
}

TEST(ApiKeys, WhenRotatedLeaveOtherPeopleAlone) {
    Given given;
    const User bob = given.host.add_user("bob@corp.example", Role::analyst);
    NewApiKey wanted = given.a_key();
    wanted.email = "bob@corp.example";
    const CreatedApiKey his = given.add(wanted);
    const CreatedClient client = given.host.add_client(given.host.a_client());
    const IssuedTokens tokens = given.host.grant(client.client, bob);
    const CreatedApiKey key = given.add(given.a_key());

    ASSERT_TRUE(given.host.keys.rotate_and_wait(TenantId("acme"), key.key.id, "uid:0"));

    EXPECT_EQ(given.check(his), "ok");
    EXPECT_EQ(key_of(given.host.authenticator.check_bearer(tokens.access_token)), "ok");
    EXPECT_FALSE(given.host.keys.rotate_and_wait(TenantId("other"), his.key.id, "uid:0"));
}

TEST(ApiKeys, TellTheirLastUse) {
    Given given;
    const CreatedApiKey key = given.add(given.a_key());
    const auto last_use = [&] {
        // A write of our own comes behind the queued one.
        given.host.tamper("UPDATE api_keys SET name = name");
        return given.host.keys.list(TenantId("acme"))->front().last_used_at;
    };
    EXPECT_FALSE(last_use());

    given.check(key);
    EXPECT_EQ(last_use(), given.host.now);
    const WallTime first = given.host.now;
    given.host.now += std::chrono::seconds(59);
    given.check(key);
    EXPECT_EQ(last_use(), first);
    given.host.now += std::chrono::seconds(1);
    given.check(key);
    EXPECT_EQ(last_use(), given.host.now);
}

TEST(ApiKeys, AreForMembersAndHaveAName) {
    Given given;
    NewApiKey stranger = given.a_key();
    stranger.email = "dave@corp.example";
    NewApiKey elsewhere = given.a_key();
    elsewhere.tenant = TenantId("other");
    NewApiKey nameless = given.a_key("");
    NewApiKey useless = given.a_key();
    useless.scopes = {};

    EXPECT_EQ(given.key_error(stranger), "user_not_found");
    EXPECT_EQ(given.key_error(elsewhere), "user_not_found");
    EXPECT_EQ(given.key_error(nameless), "invalid_arguments");
    EXPECT_EQ(given.key_error(useless), "invalid_arguments");
}

struct Presented {
    std::vector<http::Header> headers;
    PresentedCredential::Kind kind;
    std::string_view text;
};

// E15
// E16
TEST(PresentedCredential, IsATokenOrAKeyButNeverTwo) {
    using Kind = PresentedCredential::Kind;
    const std::vector<Presented> cases = {
        {{{"Authorization", "Bearer abc"}}, Kind::token, "abc"},
        {{{"authorization", "key  abc"}}, Kind::key, "abc"},
        {{{"X-API-Key", "abc"}}, Kind::key, "abc"},
        {{{"x-acme-key", "abc"}}, Kind::key, "abc"},
        {{{"X-Other-Key", "abc"}}, Kind::none, ""},
        {{{"Authorization", "Basic abc"}}, Kind::none, ""},
        {{{"Authorization", "Key"}}, Kind::none, ""},
        {{{"Authorization", "Key "}}, Kind::none, ""},
        {{{"X-API-Key", ""}}, Kind::none, ""},
        {{}, Kind::none, ""},
        {{{"Authorization", "Bearer abc"}, {"X-API-Key", "abc"}}, Kind::none, ""},
        {{{"X-API-Key", "abc"}, {"X-Acme-Key", "abc"}}, Kind::none, ""},
        {{{"X-API-Key", "abc"}, {"X-API-Key", "abc"}}, Kind::none, ""},
        {{{"Authorization", "Bearer abc"}, {"Authorization", "Bearer abc"}}, Kind::none, ""},
    };
    for (const Presented& one : cases) {
        http::Request request;
        request.headers = one.headers;
        const PresentedCredential found = presented_credential(request, {"X-Acme-Key"});
        EXPECT_EQ(found.kind, one.kind);
        EXPECT_EQ(found.text, one.text);
    }
}

TEST(Authenticator, TakesATokenOrAKey) {
    Given given;
    const CreatedApiKey key = given.add(given.a_key());
    http::Request request;
    request.peer = kHome;
    EXPECT_EQ(key_of(given.host.authenticator.check(request)), "credential_missing");

    request.headers = {{"X-API-Key", key.secret.reveal()}};
    EXPECT_EQ(key_of(given.host.authenticator.check(request)), "ok");
    const CreatedClient client = given.host.add_client(given.host.a_client());
    const std::string header = "Bearer " + given.host.grant(client.client, given.alice).access_token;
    request.headers = {{"Authorization", header}};
    EXPECT_EQ(key_of(given.host.authenticator.check(request)), "ok");
}

// E22
TEST(Scope, McpIsAnAliasOfTheUsualOnes) {
    EXPECT_EQ(ScopeSet::parse_known("mcp"), ScopeSet::usual());
    EXPECT_EQ(ScopeSet::parse_known("devices:contain offline_access everything"), ScopeSet{Scope::devices_contain});
    EXPECT_EQ(ScopeSet::parse_known("mcp")  & ScopeSet{Scope::devices_contain}, ScopeSet{Scope::devices_contain});
}

}  // namespace
}  // namespace quell::identity
