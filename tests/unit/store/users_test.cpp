// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/users.hpp"

#include <gmock/gmock.h>

#include "store/oauth_rows.hpp"

namespace quell::store {
namespace {

class UserRows : public OAuthRows {
  protected:
    UserRows() {
        in([](Transaction& tx) -> Result<void> {
            TRY_VOID(insert_user(tx, a_user("u2", "bob@corp.example")));
            TRY_VOID(insert_membership(tx, a_membership("u2", "acme", "viewer")));
            return insert_membership(tx, a_membership("u2", "beta", "owner"));
        });
    }
    std::int64_t administrators(const char* tenant) {
        return store_.read([&](Reader& reader) { return count_administrators(reader, TenantId(tenant)); });
    }
};

TEST_F(UserRows, AreFoundByEmailAndId) {
    const auto by_email =
        store_.read([](Reader& reader) { return find_user_by_email(reader, "bob@corp.example"); });
    const auto by_id = store_.read([](Reader& reader) { return find_user(reader, UserId("u2")); });

    ASSERT_TRUE(by_email && by_id);
    EXPECT_EQ(by_email->id, UserId("u2"));
    EXPECT_EQ(by_id->email, "bob@corp.example");
    EXPECT_TRUE(by_id->active);
    EXPECT_FALSE(store_.read([](Reader& reader) { return find_user(reader, UserId("u3")); }));
}

TEST_F(UserRows, HaveTheirEmailForThemselves) {
    const auto taken = store_->write_and_wait<void>(
        [](Transaction& tx) { return insert_user(tx, a_user("u3", "bob@corp.example")); });
    EXPECT_EQ(taken.error()->code, Code::already_exists);
}

TEST_F(UserRows, AreMembersWithOneRoleForEachTenant) {
    const auto memberships = store_.read([](Reader& reader) { return list_memberships(reader, UserId("u2")); });
    const auto members = store_.read([](Reader& reader) { return list_members(reader, TenantId("acme")); });

    ASSERT_EQ(memberships.size(), 2U);
    EXPECT_EQ(memberships[1].tenant, TenantId("beta"));
    EXPECT_EQ(memberships[1].role, "owner");
    ASSERT_EQ(members.size(), 2U);
    EXPECT_EQ(members[0].user.email, "alice@corp.example");
    EXPECT_EQ(members[1].role, "viewer");
    EXPECT_EQ(store_.read([](Reader& reader) { return find_role(reader, UserId("u1"), TenantId("beta")); }),
              std::nullopt);
    EXPECT_EQ(store_->write_and_wait<void>([](Transaction& tx) { return insert_membership(tx, a_membership()); })
                  .error()
                  ->code,
              Code::already_exists);
}

TEST_F(UserRows, CountAdministratorsThatCanAct) {
    EXPECT_EQ(administrators("acme"), 1);
    in([](Transaction& tx) { return set_role(tx, UserId("u2"), TenantId("acme"), "owner"); });
    EXPECT_EQ(administrators("acme"), 2);
    in([](Transaction& tx) { return set_user_active(tx, UserId("u2"), false); });
    EXPECT_EQ(administrators("acme"), 1);
    EXPECT_EQ(administrators("beta"), 0);
}

TEST_F(UserRows, RefuseAnUnknownRole) {
    EXPECT_FALSE(store_->write_and_wait<bool>([](Transaction& tx) {
        return set_role(tx, UserId("u2"), TenantId("acme"), "root");
    }).has_value());
}

TEST_F(UserRows, TakeAlongWhatHangsOnThem) {
    in([](Transaction& tx) -> Result<void> {
        TRY_VOID(insert_code(tx, a_code()));
        return insert_login_session(tx, {.hash = hash_of("cookie"), .user = UserId("u1"), .csrf_secret = "s",
                                         .created_at = kNow, .expires_at = kNow + hours(8)});
    });

    EXPECT_TRUE(in([](Transaction& tx) { return delete_user(tx, UserId("u1")); }));
    EXPECT_FALSE(in([](Transaction& tx) { return delete_user(tx, UserId("u1")); }));

    for (const char* table : {"token_families", "refresh_tokens", "authorization_codes", "login_sessions"}) {
        EXPECT_EQ(rows_of(table), 0) << table;
    }
    EXPECT_EQ(rows_of("clients"), 1);
}

class LoginRows : public OAuthRows {
  protected:
    LoginRows() {
        in([](Transaction& tx) {
            return insert_login_session(tx, {.hash = hash_of("cookie"), .user = UserId("u1"), .csrf_secret = "secret",
                                             .created_at = kNow, .expires_at = kNow + hours(8)});
        });
    }
    std::optional<LiveLogin> find(WallTime now = kNow) {
        return store_.read([&](Reader& reader) { return find_live_login(reader, hash_of("cookie"), now); });
    }
};

TEST_F(LoginRows, LiveUntilTheirEnd) {
    ASSERT_TRUE(find());
    EXPECT_EQ(find()->email, "alice@corp.example");
    EXPECT_EQ(find()->session.csrf_secret, "secret");
    EXPECT_FALSE(find(kNow + hours(8)));
}

TEST_F(LoginRows, EndAtLogout) {
    EXPECT_TRUE(in([](Transaction& tx) { return delete_login_session(tx, hash_of("cookie")); }));
    EXPECT_FALSE(find());
}

TEST_F(LoginRows, EndWithASuspension) {
    in([](Transaction& tx) { return set_user_active(tx, UserId("u1"), false); });
    in([](Transaction& tx) { return set_user_active(tx, UserId("u1"), true); });
    EXPECT_FALSE(find());
}

}  // namespace
}  // namespace quell::store
