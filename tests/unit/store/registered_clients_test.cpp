// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "store/initial_access_tokens.hpp"
#include "store/oauth_rows.hpp"

namespace quell::store {
namespace {

const TenantId kAcme("acme");
const TenantId kGlobex("globex");

ClientRow of_no_tenant(const char* id = "r1") {
    ClientRow row = a_client(id);
    row.tenant = TenantId();
    row.kind = "dynamic";
    row.created_by = "registration";
    return row;
}

// A client of no tenant that Alice consented to in two tenants, each with a code, a family and its tokens.
class RegisteredClients : public OAuthRows {
  protected:
    RegisteredClients() {
        in([](Transaction& tx) -> Result<void> {
            TRY_VOID(insert_client(tx, of_no_tenant()));
            TRY_VOID(insert_membership(tx, a_membership("u1", "globex")));
            TRY_VOID(consent(tx, kAcme, "acme-family", "acme-token", "acme-code"));
            return consent(tx, kGlobex, "globex-family", "globex-token", "globex-code");
        });
    }
    static Result<void> consent(Transaction& tx, const TenantId& tenant, const char* family, const char* token,
                                const char* code) {
        TRY_VOID(save_consent(tx, {UserId("u1"), ClientId("r1"), tenant, 9, kNow}));
        FamilyRow family_row = a_family(family);
        family_row.client = ClientId("r1");
        family_row.tenant = tenant;
        TRY_VOID(insert_family(tx, family_row));
        AccessTokenRow token_row = a_users_token(token);
        token_row.client = ClientId("r1");
        token_row.family_id = family;
        token_row.tenant = tenant;
        TRY_VOID(insert_access_token(tx, token_row));
        CodeRow code_row = a_code(code);
        code_row.client = ClientId("r1");
        code_row.tenant = tenant;
        return insert_code(tx, code_row);
    }
    std::vector<std::string> listed(const TenantId& tenant) {
        std::vector<std::string> ids;
        for (const auto& row : store_.read([&](Reader& reader) { return list_clients(reader, tenant, kNow); })) {
            ids.push_back(row.client.id.str() + ":" + std::to_string(row.live_tokens));
        }
        return ids;
    }
    bool has_code(const char* code) {
        return store_.read([&](Reader& reader) { return find_code(reader, hash_of(code)); }).has_value();
    }
    bool exists(const char* id = "r1") {
        return store_.read([&](Reader& reader) { return find_client(reader, ClientId(id)); }).has_value();
    }
    bool remove(const TenantId& tenant) {
        return in([&](Transaction& tx) { return delete_client(tx, tenant, ClientId("r1")); });
    }
};

// V16
TEST_F(RegisteredClients, AreListedWhereSomebodyConsentedWithTheTokensOfThatTenant) {
    EXPECT_THAT(listed(kAcme), testing::UnorderedElementsAre("c1:2", "r1:1"));
    EXPECT_THAT(listed(kGlobex), testing::ElementsAre("r1:1"));
    EXPECT_THAT(listed(TenantId("initech")), testing::IsEmpty());
}

// V26
TEST_F(RegisteredClients, LoseWhatTheyHoldInTheTenantThatDeletesThem) {
    EXPECT_TRUE(remove(kAcme));

    EXPECT_FALSE(lives("acme-token"));
    EXPECT_FALSE(has_code("acme-code"));
    EXPECT_TRUE(lives("globex-token"));
    EXPECT_TRUE(has_code("globex-code"));
    EXPECT_THAT(listed(kAcme), testing::ElementsAre("c1:2"));
    EXPECT_TRUE(exists());
    EXPECT_FALSE(remove(kAcme));
}

// V26
TEST_F(RegisteredClients, GoWithTheLastTenantThatKnowsThem) {
    EXPECT_TRUE(remove(kAcme));
    EXPECT_TRUE(remove(kGlobex));

    EXPECT_FALSE(exists());
    EXPECT_FALSE(lives("globex-token"));
}

TEST_F(RegisteredClients, AreOutOfReachOfATenantWithoutConsent) {
    EXPECT_FALSE(remove(TenantId("initech")));
    EXPECT_TRUE(lives("acme-token"));
}

// TN-01
TEST_F(RegisteredClients, DoNotOpenAnotherTenantsClientByAConsentInOne) {
    in([](Transaction& tx) { return save_consent(tx, {UserId("u1"), ClientId("c1"), kGlobex, 9, kNow}); });

    EXPECT_FALSE(in([&](Transaction& tx) { return delete_client(tx, kGlobex, ClientId("c1")); }));
    EXPECT_THAT(listed(kGlobex), testing::ElementsAre("r1:1"));
}

TEST_F(RegisteredClients, AreRemovedIfTheyWereNeverUsed) {
    in([](Transaction& tx) -> Result<void> {
        TRY_VOID(insert_client(tx, of_no_tenant("never")));
        ClientRow used = of_no_tenant("used");
        used.last_used_at = kNow;
        TRY_VOID(insert_client(tx, used));
        ClientRow young = of_no_tenant("young");
        young.created_at = kNow + hours(2);
        return insert_client(tx, young);
    });
    EXPECT_EQ(store_.read([](Reader& reader) { return count_unused_clients(reader); }), 3);

    const auto gone = in([](Transaction& tx) { return delete_unused_clients(tx, kNow + hours(1), 100); });

    EXPECT_EQ(gone, 2);  // "never", and r1 that never got a token by the token endpoint
    EXPECT_FALSE(exists("never"));
    EXPECT_TRUE(exists("used"));
    EXPECT_TRUE(exists("young"));
    EXPECT_TRUE(exists("c1"));  // an administrator's own
}

TEST_F(RegisteredClients, AreSavedAnewWithoutLosingTheirPast) {
    in([](Transaction& tx) {
        ClientRow anew = of_no_tenant();
        anew.name = "New name";
        anew.redirect_uris = {"https://new.example/cb"};
        anew.secret_hash.reset();
        anew.jwks = R"({"keys":[]})";
        anew.created_by = "user:u2";
        anew.created_at = kNow + hours(1);
        return save_client(tx, anew);
    });

    const auto saved = store_.read([](Reader& reader) { return find_client(reader, ClientId("r1")); });

    EXPECT_EQ(saved->name, "New name");
    EXPECT_THAT(saved->redirect_uris, testing::ElementsAre("https://new.example/cb"));
    EXPECT_EQ(saved->jwks, R"({"keys":[]})");
    EXPECT_EQ(saved->secret_hash, std::nullopt);
    EXPECT_EQ(saved->created_by, "registration");
    EXPECT_EQ(saved->created_at, kNow);
    EXPECT_TRUE(lives("acme-token"));
}

TEST_F(RegisteredClients, NeverTakeThePlaceOfATenantsClient) {
    const auto outcome =
        store_->write_and_wait<void>([](Transaction& tx) { return save_client(tx, of_no_tenant("c1")); });

    EXPECT_FALSE(outcome);
    EXPECT_EQ(store_.read([](Reader& reader) { return find_client(reader, ClientId("c1")); })->tenant, kAcme);
}

TEST_F(RegisteredClients, NeedAnInitialTokenThatIsKnownAndYoung) {
    in([](Transaction& tx) {
        return insert_initial_access_token(tx, {.id = "t1",
                                                .hash = hash_of("qit_1"),
                                                .name = "CI",
                                                .created_by = "uid:0",
                                                .created_at = kNow,
                                                .expires_at = kNow + hours(1)});
    });
    const auto finds = [&](const char* token, WallTime now) {
        return store_.read([&](Reader& reader) { return find_initial_access_token(reader, hash_of(token), now); })
            .has_value();
    };

    EXPECT_TRUE(finds("qit_1", kNow));
    EXPECT_FALSE(finds("qit_2", kNow));
    EXPECT_FALSE(finds("qit_1", kNow + hours(1)));
    EXPECT_EQ(store_.read([](Reader& reader) { return list_initial_access_tokens(reader); }).size(), 1U);
    EXPECT_TRUE(in([](Transaction& tx) { return delete_initial_access_token(tx, "t1"); }));
    EXPECT_FALSE(finds("qit_1", kNow));
}

}  // namespace
}  // namespace quell::store
