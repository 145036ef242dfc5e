// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <string>

#include "crypto/digest.hpp"
#include "store/clients.hpp"
#include "store/codes.hpp"
#include "store/consents.hpp"
#include "store/expiry.hpp"
#include "store/login_sessions.hpp"
#include "store/scratch_store.hpp"
#include "store/tokens.hpp"
#include "store/users.hpp"

namespace quell::store {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Any moment will do, as long as it stands still.
inline const WallTime kNow = from_unix_millis(1'700'000'000'000);

inline Digest hash_of(const std::string& token) { return crypto::sha256(token); }

inline ClientRow a_client(const char* id = "c1") {
    return {.id = ClientId(id),
            .tenant = TenantId("acme"),
            .kind = "static",
            .name = "SOAR",
            .secret_hash = hash_of("secret"),
            .redirect_uris = {"https://soar.example/cb", "http://localhost:7/\"cb\""},
            .grant_types = {"authorization_code", "refresh_token"},
            .scopes = 15,
            .created_by = "user:u1",
            .created_at = kNow,
            .last_used_at = std::nullopt};
}

inline UserRow a_user(const char* id = "u1", const char* email = "alice@corp.example") {
    return {.id = UserId(id), .email = email, .password_hash = "argon2id", .active = true, .created_at = kNow};
}

inline MembershipRow a_membership(const char* user = "u1", const char* tenant = "acme", const char* role = "admin") {
    return {.user = UserId(user), .tenant = TenantId(tenant), .role = role, .created_at = kNow};
}

inline CodeRow a_code(const char* code = "code") {
    return {.hash = hash_of(code),
            .client = ClientId("c1"),
            .user = UserId("u1"),
            .tenant = TenantId("acme"),
            .redirect_uri = "https://soar.example/cb",
            .scopes = 9,
            .code_challenge = "challenge",
            .resource = "https://quell.example/mcp",
            .created_at = kNow,
            .expires_at = kNow + seconds(60),
            .used_at = std::nullopt,
            .family_id = ""};
}

inline FamilyRow a_family(const char* id = "f1") {
    return {.id = id,
            .client = ClientId("c1"),
            .user = UserId("u1"),
            .tenant = TenantId("acme"),
            .scopes = 9,
            .resource = "https://quell.example/mcp",
            .created_at = kNow,
            .expires_at = kNow + hours(1),
            .revoked_at = std::nullopt};
}

inline AccessTokenRow a_users_token(const char* token = "access") {
    return {.hash = hash_of(token),
            .client = ClientId("c1"),
            .family_id = "f1",
            .user = UserId("u1"),
            .tenant = TenantId("acme"),
            .scopes = 9,
            .audience = "https://quell.example/mcp",
            .created_at = kNow,
            .expires_at = kNow + minutes(15)};
}

inline AccessTokenRow a_clients_token(const char* token = "machine") {
    AccessTokenRow row = a_users_token(token);
    row.family_id.reset();
    row.user.reset();
    return row;
}

inline RefreshTokenRow a_refresh_token(const char* token = "refresh") {
    return {.hash = hash_of(token),
            .family_id = "f1",
            .created_at = kNow,
            .expires_at = kNow + hours(24 * 30),
            .used_at = std::nullopt};
}

// A client and a user who gave it a family with an access and a refresh token.
class OAuthRows : public testing::Test {
  protected:
    OAuthRows() {
        store_.write([](Transaction& tx) -> Result<void> {
            TRY_VOID(insert_client(tx, a_client()));
            TRY_VOID(insert_user(tx, a_user()));
            TRY_VOID(insert_membership(tx, a_membership()));
            TRY_VOID(insert_family(tx, a_family()));
            TRY_VOID(insert_access_token(tx, a_users_token()));
            TRY_VOID(insert_access_token(tx, a_clients_token()));
            return insert_refresh_token(tx, a_refresh_token());
        });
    }
    // Runs `work` as one job and gives its value.
    template <class Work>
    auto in(Work work) {
        return store_.write(std::move(work));
    }
    bool lives(const char* token, WallTime now = kNow) {
        return store_.read([&](Reader& reader) { return find_live_access_token(reader, hash_of(token), now); })
            .has_value();
    }
    std::int64_t rows_of(const std::string& table) { return store_.number("SELECT count(*) FROM " + table); }

    ScratchStore store_;
};

}  // namespace quell::store
