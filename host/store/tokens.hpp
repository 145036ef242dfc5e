// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "store/statement.hpp"

namespace quell::store {

// All that descends from one authorization code.
struct FamilyRow {
    std::string id;
    ClientId client;
    UserId user;
    TenantId tenant;
    std::uint16_t scopes = 0;
    std::string resource;
    WallTime created_at{};
    WallTime expires_at{};  // moved on by each refresh token
    std::optional<WallTime> revoked_at;
};

struct AccessTokenRow {
    Digest hash{};
    ClientId client;
    std::optional<std::string> family_id;  // none for client_credentials, as is the user
    std::optional<UserId> user;
    TenantId tenant;
    std::uint16_t scopes = 0;
    std::string audience;
    WallTime created_at{};
    WallTime expires_at{};
};

// A token that works now, with all that authenticating needs, from one read.
struct LiveAccessToken {
    AccessTokenRow token;
    std::string client_name;
    std::uint16_t client_scopes = 0;
    std::string email;  // of the user, as is the role; empty for client_credentials
    std::string role;
};

struct RefreshTokenRow {
    Digest hash{};
    std::string family_id;
    WallTime created_at{};
    WallTime expires_at{};
    std::optional<WallTime> used_at;
};

// A refresh token in any state, with its family: the caller judges reuse and age.
struct FoundRefreshToken {
    RefreshTokenRow token;
    FamilyRow family;
    std::optional<std::string> role;  // none: the user is suspended or has left the tenant
};

Result<void> insert_family(Transaction& transaction, const FamilyRow& row);
// Its access and refresh tokens are dead from here on. False if it is unknown or was revoked before.
Result<bool> revoke_family(Transaction& transaction, std::string_view family_id, WallTime now);

Result<void> insert_access_token(Transaction& transaction, const AccessTokenRow& row);
// None if it is unknown or expired, its family is revoked or gone, or its user is suspended or out of the tenant.
Result<std::optional<LiveAccessToken>> find_live_access_token(Reader& reader, const Digest& hash, WallTime now);
Result<bool> delete_access_token(Transaction& transaction, const Digest& hash);

// Moves the family's end on to the token's.
Result<void> insert_refresh_token(Transaction& transaction, const RefreshTokenRow& row);
Result<std::optional<FoundRefreshToken>> find_refresh_token(Reader& reader, const Digest& hash);
// Only the first call for a token ever gets true.
Result<bool> use_refresh_token(Transaction& transaction, const Digest& hash, WallTime now);

}  // namespace quell::store
