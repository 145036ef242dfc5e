// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/api_keys.hpp"

#include "store/json_texts.hpp"

namespace quell::store {
namespace {

OwnedApiKey read_key(const Row& row) {
    return {.key = {.id = row.text(0),
                    .hash = row.digest(1),
                    .user = row.id<UserId>(2),
                    .tenant = row.id<TenantId>(3),
                    .name = row.text(4),
                    .scopes = static_cast<std::uint16_t>(row.integer(5)),
                    .networks = from_json(row.view(6)),
                    .created_by = row.text(7),
                    .created_at = row.time(8),
                    .expires_at = row.optional_time(9),
                    .last_used_at = row.optional_time(10)},
            .email = row.text(11),
            .role = row.text(12)};
}

}  // namespace

Result<void> insert_api_key(Transaction& transaction, const ApiKeyRow& row) {
    TRY_VOID(transaction.run("INSERT INTO api_keys (id, hash, user_id, tenant, name, scopes, networks, created_by,"
                             " created_at, expires_at, last_used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                             row.id, row.hash, row.user, row.tenant, row.name, row.scopes, to_json(row.networks),
                             row.created_by, row.created_at, row.expires_at, row.last_used_at));
    return {};
}

Result<std::optional<OwnedApiKey>> find_live_api_key(Reader& reader, const Digest& hash, WallTime now) {
    return reader.row<OwnedApiKey>(
        "SELECT k.id, k.hash, k.user_id, k.tenant, k.name, k.scopes, k.networks, k.created_by, k.created_at,"
        " k.expires_at, k.last_used_at, u.email, m.role"
        " FROM api_keys k JOIN users u ON u.id = k.user_id AND u.state = 'active'"
        " JOIN memberships m ON m.user_id = k.user_id AND m.tenant = k.tenant"
        " WHERE k.hash = ? AND (k.expires_at IS NULL OR k.expires_at > ?)",
        read_key, hash, now);
}

Result<std::optional<OwnedApiKey>> find_api_key(Reader& reader, const TenantId& tenant, std::string_view id) {
    return reader.row<OwnedApiKey>(
        "SELECT k.id, k.hash, k.user_id, k.tenant, k.name, k.scopes, k.networks, k.created_by, k.created_at,"
        " k.expires_at, k.last_used_at, u.email, ''"
        " FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.id = ? AND k.tenant = ?",
        read_key, id, tenant);
}

Result<std::vector<OwnedApiKey>> list_api_keys(Reader& reader, const TenantId& tenant) {
    return reader.rows<OwnedApiKey>(
        "SELECT k.id, k.hash, k.user_id, k.tenant, k.name, k.scopes, k.networks, k.created_by, k.created_at,"
        " k.expires_at, k.last_used_at, u.email, ''"
        " FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.tenant = ? ORDER BY k.created_at, k.id",
        read_key, tenant);
}

Result<bool> delete_api_key(Transaction& transaction, const TenantId& tenant, std::string_view id) {
    TRY(const auto gone, transaction.run("DELETE FROM api_keys WHERE id = ? AND tenant = ?", id, tenant));
    return gone > 0;
}

Result<void> replace_api_key_hash(Transaction& transaction, std::string_view id, const Digest& hash, WallTime now) {
    TRY_VOID(transaction.run("UPDATE api_keys SET hash = ?, created_at = ?, last_used_at = NULL WHERE id = ?", hash, now,
                             id));
    return {};
}

Result<void> touch_api_key(Transaction& transaction, std::string_view id, WallTime now) {
    TRY_VOID(transaction.run("UPDATE api_keys SET last_used_at = max(coalesce(last_used_at, 0), ?) WHERE id = ?", now,
                             id));
    return {};
}

Result<void> end_credentials_of(Transaction& transaction, const UserId& user, std::string_view kept_key,
                                WallTime now) {
    TRY_VOID(transaction.run("UPDATE token_families SET revoked_at = ? WHERE user_id = ? AND revoked_at IS NULL", now,
                             user));
    for (const std::string_view sql :
         {"DELETE FROM authorization_codes WHERE user_id = ?", "DELETE FROM consents WHERE user_id = ?",
          "DELETE FROM login_sessions WHERE user_id = ?"}) {
        TRY_VOID(transaction.run(sql, user));
    }
    TRY_VOID(transaction.run("DELETE FROM api_keys WHERE user_id = ? AND id <> ?", user, kept_key));
    return {};
}

}  // namespace quell::store
