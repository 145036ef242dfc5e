// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/codes.hpp"

#include <gmock/gmock.h>

#include <future>

#include "store/oauth_rows.hpp"

namespace quell::store {
namespace {

class CodeRows : public OAuthRows {
  protected:
    CodeRows() {
        in([](Transaction& tx) { return insert_code(tx, a_code()); });
    }
    std::optional<CodeRow> find() {
        return store_.read([](Reader& reader) { return find_code(reader, hash_of("code")); });
    }
    bool redeem(const char* family, WallTime now = kNow) {
        return in([&](Transaction& tx) { return redeem_code(tx, hash_of("code"), family, now); });
    }
};

TEST_F(CodeRows, ComeBackAsTheyWere) {
    const auto code = find();
    ASSERT_TRUE(code);
    EXPECT_EQ(code->client, ClientId("c1"));
    EXPECT_EQ(code->user, UserId("u1"));
    EXPECT_EQ(code->redirect_uri, "https://soar.example/cb");
    EXPECT_EQ(code->scopes, 9);
    EXPECT_EQ(code->code_challenge, "challenge");
    EXPECT_EQ(code->resource, "https://quell.example/mcp");
    EXPECT_EQ(code->used_at, std::nullopt);
}

// OA-01: the store's half, the second redemption finds the family of the first.
TEST_F(CodeRows, AreRedeemedOnceAndRememberTheirFamily) {
    EXPECT_TRUE(redeem("f1"));
    EXPECT_FALSE(redeem("f2"));

    EXPECT_EQ(find()->family_id, "f1");
    EXPECT_EQ(find()->used_at, kNow);
}

TEST_F(CodeRows, LetOneOfManyRedemptionsWin) {
    std::vector<std::future<Result<bool>>> attempts;
    for (int i = 0; i < 16; ++i) {
        attempts.push_back(std::async(std::launch::async, [this, i] {
            return store_->write_and_wait<bool>([i](Transaction& tx) {
                return redeem_code(tx, hash_of("code"), "f" + std::to_string(i), kNow);
            });
        }));
    }
    int won = 0;
    for (auto& attempt : attempts) {
        won += must(attempt.get()) ? 1 : 0;
    }
    EXPECT_EQ(won, 1);
}

// OA-29
TEST_F(CodeRows, EndAtTheirTime) {
    EXPECT_FALSE(redeem("f1", kNow + seconds(60)));
    EXPECT_EQ(find()->used_at, std::nullopt);
}

TEST_F(CodeRows, GoWithTheMembership) {
    in([](Transaction& tx) { return delete_membership(tx, UserId("u1"), TenantId("acme"), kNow); });
    EXPECT_FALSE(find());
}

using ConsentRows = OAuthRows;

TEST_F(ConsentRows, AreReplacedByNewerOnes) {
    ConsentRow consent{.user = UserId("u1"), .client = ClientId("c1"), .tenant = TenantId("acme"), .scopes = 1,
                       .created_at = kNow};
    in([&](Transaction& tx) { return save_consent(tx, consent); });
    consent.scopes = 9;
    consent.created_at = kNow + hours(1);
    in([&](Transaction& tx) { return save_consent(tx, consent); });

    const auto found = store_.read(
        [](Reader& reader) { return find_consent(reader, UserId("u1"), ClientId("c1"), TenantId("acme")); });
    ASSERT_TRUE(found);
    EXPECT_EQ(found->scopes, 9);
    EXPECT_EQ(found->created_at, kNow + hours(1));
    EXPECT_FALSE(store_.read(
        [](Reader& reader) { return find_consent(reader, UserId("u1"), ClientId("c1"), TenantId("beta")); }));
}

using Expiry = OAuthRows;

TEST_F(Expiry, RemovesWhatEndedAndNothingElse) {
    in([](Transaction& tx) -> Result<void> {
        TRY_VOID(insert_code(tx, a_code()));
        return insert_login_session(tx, {.hash = hash_of("cookie"), .user = UserId("u1"), .csrf_secret = "s",
                                         .created_at = kNow, .expires_at = kNow + hours(8)});
    });
    const auto expire = [this](WallTime now, std::int64_t limit = 1'000) {
        return in([&](Transaction& tx) { return delete_expired(tx, now, limit); });
    };

    EXPECT_EQ(expire(kNow), 0);
    EXPECT_EQ(expire(kNow + minutes(15), 1), 1);
    EXPECT_EQ(expire(kNow + minutes(15)), 1);
    EXPECT_EQ(rows_of("authorization_codes"), 1);  // a late replay is still known
    EXPECT_EQ(expire(kNow + hours(25)), 2);
    EXPECT_EQ(rows_of("refresh_tokens"), 1);
    EXPECT_EQ(expire(kNow + hours(24 * 30)), 1);
    EXPECT_EQ(rows_of("refresh_tokens"), 0);
    EXPECT_EQ(rows_of("clients"), 1);
}

}  // namespace
}  // namespace quell::store
