// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "store/statement.hpp"

namespace quell::store {

// A static key of a user in one tenant; found by its SHA-256.
struct ApiKeyRow {
    std::string id;
    Digest hash{};
    UserId user;
    TenantId tenant;
    std::string name;
    std::uint16_t scopes = 0;            // the most it may do
    std::vector<std::string> networks;  // from where; empty: anywhere
    std::string created_by;             // a principal's id
    WallTime created_at{};
    std::optional<WallTime> expires_at;
    std::optional<WallTime> last_used_at;
};

// With its owner, as it is now.
struct OwnedApiKey {
    ApiKeyRow key;
    std::string email;
    std::string role;
};

Result<void> insert_api_key(Transaction& transaction, const ApiKeyRow& row);
// None if it is unknown or expired, or its user is suspended or out of the tenant.
Result<std::optional<OwnedApiKey>> find_live_api_key(Reader& reader, const Digest& hash, WallTime now);
Result<std::optional<OwnedApiKey>> find_api_key(Reader& reader, const TenantId& tenant, std::string_view id);
// Oldest first, expired ones too.
Result<std::vector<OwnedApiKey>> list_api_keys(Reader& reader, const TenantId& tenant);
Result<bool> delete_api_key(Transaction& transaction, const TenantId& tenant, std::string_view id);
Result<void> replace_api_key_hash(Transaction& transaction, std::string_view id, const Digest& hash, WallTime now);
Result<void> touch_api_key(Transaction& transaction, std::string_view id, WallTime now);

// E20: all that acts or could act for this user ends: families and so their tokens, codes, consents, logins, and every
// API key but the one that is kept.
Result<void> end_credentials_of(Transaction& transaction, const UserId& user, std::string_view kept_key, WallTime now);

}  // namespace quell::store
