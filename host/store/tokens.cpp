// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/tokens.hpp"

namespace quell::store {
namespace {

std::uint16_t scopes_at(const Row& row, int column) { return static_cast<std::uint16_t>(row.integer(column)); }

std::optional<UserId> optional_user(const Row& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.id<UserId>(column));
}

LiveAccessToken read_live(const Row& row) {
    return {.token = {.hash = row.digest(0),
                      .client = row.id<ClientId>(1),
                      .family_id = row.optional_text(2),
                      .user = optional_user(row, 3),
                      .tenant = row.id<TenantId>(4),
                      .scopes = scopes_at(row, 5),
                      .audience = row.text(6),
                      .created_at = row.time(7),
                      .expires_at = row.time(8)},
            .client_name = row.text(9),
            .client_scopes = scopes_at(row, 10),
            .email = row.text(11),
            .role = row.text(12)};
}

FoundRefreshToken read_refresh(const Row& row) {
    return {.token = {.hash = row.digest(0),
                      .family_id = row.text(1),
                      .created_at = row.time(2),
                      .expires_at = row.time(3),
                      .used_at = row.optional_time(4)},
            .family = {.id = row.text(1),
                       .client = row.id<ClientId>(5),
                       .user = row.id<UserId>(6),
                       .tenant = row.id<TenantId>(7),
                       .scopes = scopes_at(row, 8),
                       .resource = row.text(9),
                       .created_at = row.time(10),
                       .expires_at = row.time(11),
                       .revoked_at = row.optional_time(12)},
            .role = row.optional_text(13)};
}

}  // namespace

Result<void> insert_family(Transaction& transaction, const FamilyRow& row) {
    TRY_VOID(transaction.run("INSERT INTO token_families (id, client_id, user_id, tenant, scopes, resource, created_at,"
                             " expires_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                             row.id, row.client, row.user, row.tenant, row.scopes, row.resource, row.created_at,
                             row.expires_at, row.revoked_at));
    return {};
}

Result<bool> revoke_family(Transaction& transaction, std::string_view family_id, WallTime now) {
    TRY(const auto changed,
        transaction.run("UPDATE token_families SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", now,
                        family_id));
    return changed > 0;
}

Result<void> insert_access_token(Transaction& transaction, const AccessTokenRow& row) {
    TRY_VOID(transaction.run("INSERT INTO access_tokens (hash, client_id, family_id, user_id, tenant, scopes, audience,"
                             " created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                             row.hash, row.client, row.family_id, row.user, row.tenant, row.scopes, row.audience,
                             row.created_at, row.expires_at));
    return {};
}

// Only what still stands behind a token makes it live: a join that finds nothing is a refusal (OA-08, OA-21, V71).
Result<std::optional<LiveAccessToken>> find_live_access_token(Reader& reader, const Digest& hash, WallTime now) {
    return reader.row<LiveAccessToken>(
        "SELECT t.hash, t.client_id, t.family_id, t.user_id, t.tenant, t.scopes, t.audience, t.created_at,"
        " t.expires_at, c.name, c.scopes, u.email, m.role"
        " FROM access_tokens t JOIN clients c ON c.id = t.client_id"
        " LEFT JOIN token_families f ON f.id = t.family_id"
        " LEFT JOIN users u ON u.id = t.user_id AND u.state = 'active'"
        " LEFT JOIN memberships m ON m.user_id = t.user_id AND m.tenant = t.tenant"
        " WHERE t.hash = ? AND t.expires_at > ?"
        " AND (t.family_id IS NULL OR (f.id IS NOT NULL AND f.revoked_at IS NULL))"
        " AND (t.user_id IS NULL OR (u.id IS NOT NULL AND m.role IS NOT NULL))",
        read_live, hash, now);
}

Result<bool> delete_access_token(Transaction& transaction, const Digest& hash) {
    TRY(const auto changed, transaction.run("DELETE FROM access_tokens WHERE hash = ?", hash));
    return changed > 0;
}

Result<void> insert_refresh_token(Transaction& transaction, const RefreshTokenRow& row) {
    TRY_VOID(transaction.run(
        "INSERT INTO refresh_tokens (hash, family_id, created_at, expires_at, used_at) VALUES (?, ?, ?, ?, ?)",
        row.hash, row.family_id, row.created_at, row.expires_at, row.used_at));
    TRY_VOID(transaction.run("UPDATE token_families SET expires_at = ?1 WHERE id = ?2 AND expires_at < ?1",
                             row.expires_at, row.family_id));
    return {};
}

Result<std::optional<FoundRefreshToken>> find_refresh_token(Reader& reader, const Digest& hash) {
    return reader.row<FoundRefreshToken>(
        "SELECT r.hash, r.family_id, r.created_at, r.expires_at, r.used_at, f.client_id, f.user_id, f.tenant, f.scopes,"
        " f.resource, f.created_at, f.expires_at, f.revoked_at,"
        " (SELECT m.role FROM memberships m JOIN users u ON u.id = m.user_id"
        "  WHERE m.user_id = f.user_id AND m.tenant = f.tenant AND u.state = 'active')"
        " FROM refresh_tokens r JOIN token_families f ON f.id = r.family_id WHERE r.hash = ?",
        read_refresh, hash);
}

Result<bool> use_refresh_token(Transaction& transaction, const Digest& hash, WallTime now) {
    TRY(const auto used, transaction.row<bool>(
                             "UPDATE refresh_tokens SET used_at = ? WHERE hash = ? AND used_at IS NULL RETURNING 1",
                             [](const Row&) { return true; }, now, hash));
    return used.has_value();
}

}  // namespace quell::store
