// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/clients.hpp"

#include <gmock/gmock.h>

#include "store/oauth_rows.hpp"

namespace quell::store {
namespace {

class ClientRows : public OAuthRows {
  protected:
    std::optional<ClientRow> find(const char* id) {
        return store_.read([&](Reader& reader) { return find_client(reader, ClientId(id)); });
    }
    std::vector<ClientSummary> list(WallTime now = kNow) {
        return store_.read([&](Reader& reader) { return list_clients(reader, TenantId("acme"), now); });
    }
};

TEST_F(ClientRows, ComeBackAsTheyWere) {
    const auto client = find("c1");

    ASSERT_TRUE(client);
    const ClientRow expected = a_client();
    EXPECT_EQ(client->tenant, expected.tenant);
    EXPECT_EQ(client->kind, "static");
    EXPECT_EQ(client->secret_hash, expected.secret_hash);
    EXPECT_EQ(client->redirect_uris, expected.redirect_uris);
    EXPECT_EQ(client->grant_types, expected.grant_types);
    EXPECT_EQ(client->scopes, 15);
    EXPECT_EQ(client->created_by, "user:u1");
    EXPECT_EQ(client->created_at, kNow);
    EXPECT_EQ(client->last_used_at, std::nullopt);
    EXPECT_FALSE(find("c2"));
}

TEST_F(ClientRows, MayBePublic) {
    in([](Transaction& tx) {
        ClientRow client = a_client("public");
        client.secret_hash.reset();
        return insert_client(tx, client);
    });
    EXPECT_EQ(find("public")->secret_hash, std::nullopt);
}

TEST_F(ClientRows, RefuseAKindThatDoesNotExist) {
    ClientRow client = a_client("c2");
    client.kind = "magic";
    EXPECT_FALSE(store_->write_and_wait<void>([&](Transaction& tx) { return insert_client(tx, client); }).has_value());
}

// V28
TEST_F(ClientRows, AreListedWithTheirUseAndLivingTokens) {
    in([](Transaction& tx) -> Result<void> {
        TRY_VOID(touch_client(tx, ClientId("c1"), kNow + seconds(9)));
        return touch_client(tx, ClientId("c1"), kNow + seconds(5));
    });

    ASSERT_EQ(list().size(), 1U);
    EXPECT_EQ(list()[0].client.last_used_at, kNow + seconds(9));
    EXPECT_EQ(list()[0].live_tokens, 2);
    EXPECT_EQ(list(kNow + minutes(15))[0].live_tokens, 0);
    in([](Transaction& tx) { return revoke_family(tx, "f1", kNow); });
    EXPECT_EQ(list()[0].live_tokens, 1);
}

TEST_F(ClientRows, BelongToTheirTenantAlone) {
    const TenantId other("beta");
    EXPECT_TRUE(store_.read([&](Reader& reader) { return list_clients(reader, other, kNow); }).empty());
    EXPECT_FALSE(in([&](Transaction& tx) { return delete_client(tx, other, ClientId("c1")); }));
    EXPECT_FALSE(in([&](Transaction& tx) { return set_client_secret(tx, other, ClientId("c1"), hash_of("x")); }));
    EXPECT_TRUE(find("c1"));
}

// V24
TEST_F(ClientRows, KeepTheirTokensWhenTheSecretChanges) {
    EXPECT_TRUE(in([](Transaction& tx) {
        return set_client_secret(tx, TenantId("acme"), ClientId("c1"), hash_of("new"));
    }));
    EXPECT_EQ(find("c1")->secret_hash, hash_of("new"));
    EXPECT_TRUE(lives("access"));
}

// V25, OA-21
TEST_F(ClientRows, TakeAllTheyGaveAlong) {
    in([](Transaction& tx) -> Result<void> {
        TRY_VOID(insert_code(tx, a_code()));
        return save_consent(tx, {.user = UserId("u1"), .client = ClientId("c1"), .tenant = TenantId("acme"),
                                 .scopes = 9, .created_at = kNow});
    });

    EXPECT_TRUE(in([](Transaction& tx) { return delete_client(tx, TenantId("acme"), ClientId("c1")); }));

    EXPECT_FALSE(lives("access"));
    EXPECT_FALSE(lives("machine"));
    for (const char* table : {"access_tokens", "refresh_tokens", "token_families", "authorization_codes", "consents"}) {
        EXPECT_EQ(rows_of(table), 0) << table;
    }
    EXPECT_EQ(rows_of("users"), 1);
}

}  // namespace
}  // namespace quell::store
