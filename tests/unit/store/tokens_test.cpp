// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/tokens.hpp"

#include <gmock/gmock.h>

#include <future>

#include "store/oauth_rows.hpp"

namespace quell::store {
namespace {

class TokenRows : public OAuthRows {
  protected:
    std::optional<LiveAccessToken> live(const char* token) {
        return store_.read([&](Reader& reader) { return find_live_access_token(reader, hash_of(token), kNow); });
    }
    std::optional<FoundRefreshToken> refresh(const char* token = "refresh") {
        return store_.read([&](Reader& reader) { return find_refresh_token(reader, hash_of(token)); });
    }
    bool use(const char* token) {
        return in([&](Transaction& tx) { return use_refresh_token(tx, hash_of(token), kNow); });
    }
};

TEST_F(TokenRows, TellAllThatAuthenticatingNeeds) {
    const auto user = live("access");
    ASSERT_TRUE(user);
    EXPECT_EQ(user->token.client, ClientId("c1"));
    EXPECT_EQ(user->token.user, UserId("u1"));
    EXPECT_EQ(user->token.family_id, "f1");
    EXPECT_EQ(user->token.tenant, TenantId("acme"));
    EXPECT_EQ(user->token.scopes, 9);
    EXPECT_EQ(user->token.audience, "https://quell.example/mcp");
    EXPECT_EQ(user->token.expires_at, kNow + minutes(15));
    EXPECT_EQ(user->client_name, "SOAR");
    EXPECT_EQ(user->client_scopes, 15);
    EXPECT_EQ(user->email, "alice@corp.example");
    EXPECT_EQ(user->role, "admin");

    const auto machine = live("machine");
    ASSERT_TRUE(machine);
    EXPECT_EQ(machine->token.user, std::nullopt);
    EXPECT_EQ(machine->token.family_id, std::nullopt);
    EXPECT_EQ(machine->role, "");
    EXPECT_FALSE(live("unknown"));
}

TEST_F(TokenRows, DieAtTheirEnd) {
    EXPECT_TRUE(lives("access", kNow + minutes(15) - Millis(1)));
    EXPECT_FALSE(lives("access", kNow + minutes(15)));
}

TEST_F(TokenRows, DieWithTheirFamily) {
    EXPECT_TRUE(in([](Transaction& tx) { return revoke_family(tx, "f1", kNow); }));
    EXPECT_FALSE(in([](Transaction& tx) { return revoke_family(tx, "f1", kNow); }));

    EXPECT_FALSE(lives("access"));
    EXPECT_TRUE(lives("machine"));
    EXPECT_EQ(refresh()->family.revoked_at, kNow);
}

TEST_F(TokenRows, DieWithASuspendedUser) {
    in([](Transaction& tx) { return set_user_active(tx, UserId("u1"), false); });
    EXPECT_FALSE(lives("access"));
    EXPECT_EQ(refresh()->role, std::nullopt);

    in([](Transaction& tx) { return set_user_active(tx, UserId("u1"), true); });
    EXPECT_TRUE(lives("access"));
}

TEST_F(TokenRows, DieWithADeletedUser) {
    in([](Transaction& tx) { return delete_user(tx, UserId("u1")); });
    EXPECT_FALSE(lives("access"));
    EXPECT_FALSE(refresh());
    EXPECT_TRUE(lives("machine"));
}

TEST_F(TokenRows, StayDeadWhenTheUserJoinsAgain) {
    in([](Transaction& tx) { return delete_membership(tx, UserId("u1"), TenantId("acme"), kNow); });
    EXPECT_FALSE(lives("access"));

    in([](Transaction& tx) { return insert_membership(tx, a_membership()); });
    EXPECT_FALSE(lives("access"));
    EXPECT_TRUE(refresh()->family.revoked_at);
}

TEST_F(TokenRows, ShowTheRoleOfNow) {
    in([](Transaction& tx) { return set_role(tx, UserId("u1"), TenantId("acme"), "viewer"); });
    EXPECT_EQ(live("access")->role, "viewer");
    EXPECT_EQ(refresh()->role, "viewer");
}

TEST_F(TokenRows, CanBeDeletedOneByOne) {
    EXPECT_TRUE(in([](Transaction& tx) { return delete_access_token(tx, hash_of("machine")); }));
    EXPECT_FALSE(in([](Transaction& tx) { return delete_access_token(tx, hash_of("machine")); }));
    EXPECT_FALSE(lives("machine"));
}

TEST_F(TokenRows, LetOneUseOfARefreshTokenWin) {
    std::vector<std::future<Result<bool>>> uses;
    for (int i = 0; i < 16; ++i) {
        uses.push_back(std::async(std::launch::async, [this] {
            return store_->write_and_wait<bool>(
                [](Transaction& tx) { return use_refresh_token(tx, hash_of("refresh"), kNow); });
        }));
    }
    int won = 0;
    for (auto& one : uses) {
        won += must(one.get()) ? 1 : 0;
    }

    EXPECT_EQ(won, 1);
    EXPECT_EQ(refresh()->token.used_at, kNow);
    EXPECT_FALSE(use("unknown"));
}

TEST_F(TokenRows, MoveTheFamilysEndOn) {
    EXPECT_EQ(refresh()->family.expires_at, kNow + hours(24 * 30));
}

}  // namespace
}  // namespace quell::store
