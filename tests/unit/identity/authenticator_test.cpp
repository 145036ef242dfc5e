// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/authenticator.hpp"

#include <gtest/gtest.h>

#include "identity/temporary_host.hpp"

namespace quell::identity {
namespace {

struct Given {
    TemporaryHost host;
    CreatedClient created = host.add_client(host.a_client());
    User alice = host.add_user("alice@corp.example", Role::analyst);
    IssuedTokens tokens = host.grant(created.client, alice);

    std::string check() { return key_of(host.authenticator.check_bearer(tokens.access_token)); }
};

TEST(Authenticator, MakesAPrincipalOfTheUser) {
    Given given;

    const auto principal = given.host.authenticator.check_bearer(given.tokens.access_token);

    ASSERT_TRUE(principal);
    EXPECT_EQ(principal->tenant, TenantId("acme"));
    EXPECT_EQ(principal->id, "user:" + given.alice.id.str());
    EXPECT_EQ(principal->label, "alice@corp.example");
    EXPECT_EQ(principal->client, given.created.client.id);
    EXPECT_EQ(principal->scopes, ScopeSet::usual());
}

TEST(Authenticator, MakesAPrincipalOfTheClientItself) {
    TemporaryHost host;
    NewClient wanted = host.a_client();
    wanted.redirect_uris.clear();
    const Client client = host.add_client(wanted).client;
    const auto tokens = host.run(host.tokens.client_credentials(client, "devices:contain"));

    const auto principal = host.authenticator.check_bearer(tokens->access_token);

    ASSERT_TRUE(principal);
    EXPECT_EQ(principal->id, "client:" + client.id.str());
    EXPECT_EQ(principal->label, "SOAR");
    EXPECT_EQ(principal->scopes, ScopeSet{Scope::devices_contain});
}

TEST(Authenticator, RefusesWhatIsNoAccessToken) {
    Given given;

    for (const std::string& token : {std::string(), std::string("x"), given.tokens.refresh_token,
                                     given.tokens.access_token + "x", std::string(100'000, 'x')}) {
        EXPECT_EQ(key_of(given.host.authenticator.check_bearer(token)), "invalid_token");
    }
}

TEST(Authenticator, ChecksTheExpiryOnEveryUse) {
    Given given;
    EXPECT_EQ(given.check(), "ok");

    given.host.now += kAccessTokenLife - std::chrono::milliseconds(1);
    EXPECT_EQ(given.check(), "ok");
    given.host.now += std::chrono::milliseconds(1);
    EXPECT_EQ(given.check(), "invalid_token");
}

// OA-12
TEST(Authenticator, RefusesATokenForAnotherResource) {
    Given given;
    given.host.tamper("UPDATE access_tokens SET audience = 'https://other.example/mcp'");

    EXPECT_EQ(given.check(), "invalid_token");
}

TEST(Authenticator, AnswersFromMemoryUntilSomethingIsRevoked) {
    Given given;
    ASSERT_EQ(given.check(), "ok");
    given.host.tamper("DELETE FROM access_tokens");
    EXPECT_EQ(given.check(), "ok");

    given.host.clock.begin();

    EXPECT_EQ(given.check(), "invalid_token");
}

TEST(Authenticator, NarrowsToTheUsersPresentRole) {
    Given given;
    ASSERT_EQ(given.check(), "ok");

    ASSERT_TRUE(given.host.users.set_role_and_wait(TenantId("acme"), "alice@corp.example", Role::viewer, "uid:0"));

    EXPECT_EQ(given.host.authenticator.check_bearer(given.tokens.access_token)->scopes, ScopeSet{Scope::challenges_read});
}

TEST(Authenticator, RefusesTheTokenOfAUserWhoLeft) {
    Given given;
    given.host.add_user("admin@corp.example", Role::admin);
    ASSERT_EQ(given.check(), "ok");

    ASSERT_TRUE(given.host.users.remove_and_wait(TenantId("acme"), "alice@corp.example", "uid:0"));

    EXPECT_EQ(given.check(), "invalid_token");
}

TEST(RevocationClock, HoldsNothingWhileARevocationIsUnderWay) {
    RevocationClock clock;
    const std::uint64_t before = clock.mark();
    ASSERT_TRUE(clock.is_current(before));

    RevocationClock::Guard first = clock.begin();
    RevocationClock::Guard second = clock.begin();
    EXPECT_FALSE(clock.is_current(before));
    first.reset();
    EXPECT_EQ(clock.mark(), RevocationClock::kNone);
    second.reset();

    EXPECT_FALSE(clock.is_current(before));
    EXPECT_TRUE(clock.is_current(clock.mark()));
}

TEST(TokenCache, ForgetsWhatWasReadBeforeARevocation) {
    RevocationClock clock;
    TokenCache cache(clock);
    const crypto::Digest hash = crypto::sha256("token");
    const std::uint64_t mark = clock.mark();

    clock.begin();  // ends at once: the row that was read may be gone
    cache.remember(hash, {}, mark);

    EXPECT_FALSE(cache.find(hash).has_value());
    cache.remember(hash, {}, clock.mark());
    EXPECT_TRUE(cache.find(hash).has_value());
}

TEST(TokenCache, StaysBounded) {
    RevocationClock clock;
    TokenCache cache(clock);
    const crypto::Digest first = crypto::sha256("0");
    cache.remember(first, {}, clock.mark());
    for (int i = 1; i < 200'000; ++i) {
        cache.remember(crypto::sha256(std::to_string(i)), {}, clock.mark());
    }

    EXPECT_FALSE(cache.find(first).has_value());
}

TEST(BearerToken, IsReadFromTheHeaderAlone) {
    EXPECT_EQ(bearer_token("Bearer abc"), "abc");
    EXPECT_EQ(bearer_token("bearer  abc"), "abc");
    EXPECT_EQ(bearer_token("Basic abc"), "");
    EXPECT_EQ(bearer_token("Bearer"), "");
    EXPECT_EQ(bearer_token(""), "");
}

}  // namespace
}  // namespace quell::identity
