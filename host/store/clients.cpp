// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/clients.hpp"

#include "store/json_texts.hpp"

namespace quell::store {
namespace {

// The columns in the order of both statements below.
ClientRow read_client(const Row& row) {
    return {.id = row.id<ClientId>(0),
            .tenant = row.id<TenantId>(1),
            .kind = row.text(2),
            .name = row.text(3),
            .secret_hash = row.optional_digest(4),
            .redirect_uris = from_json(row.view(5)),
            .grant_types = from_json(row.view(6)),
            .scopes = static_cast<std::uint8_t>(row.integer(7)),
            .created_by = row.text(8),
            .created_at = row.time(9),
            .last_used_at = row.optional_time(10),
            .jwks = row.optional_text(11)};
}

}  // namespace

Result<void> insert_client(Transaction& transaction, const ClientRow& row) {
    TRY_VOID(transaction.run("INSERT INTO clients (id, tenant, kind, name, secret_hash, redirect_uris, grant_types,"
                             " scopes, created_by, created_at, last_used_at, jwks)"
                             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                             row.id, row.tenant, row.kind, row.name, row.secret_hash, to_json(row.redirect_uris),
                             to_json(row.grant_types), row.scopes, row.created_by, row.created_at, row.last_used_at,
                             row.jwks));
    return {};
}

Result<std::optional<ClientRow>> find_client(Reader& reader, const ClientId& id) {
    return reader.row<ClientRow>(
        "SELECT c.id, c.tenant, c.kind, c.name, c.secret_hash, c.redirect_uris, c.grant_types,"
        " c.scopes, c.created_by, c.created_at, c.last_used_at, c.jwks FROM clients c WHERE c.id = ?",
        read_client, id);
}

Result<std::vector<ClientSummary>> list_clients(Reader& reader, const TenantId& tenant, WallTime now) {
    return reader.rows<ClientSummary>(
        "SELECT c.id, c.tenant, c.kind, c.name, c.secret_hash, c.redirect_uris, c.grant_types,"
        " c.scopes, c.created_by, c.created_at, c.last_used_at, c.jwks,"
        " (SELECT count(*) FROM access_tokens t LEFT JOIN token_families f ON f.id = t.family_id"
        "   WHERE t.client_id = c.id AND t.expires_at > ?"
        "   AND (t.family_id IS NULL OR (f.id IS NOT NULL AND f.revoked_at IS NULL)))"
        " FROM clients c WHERE c.tenant = ? ORDER BY c.created_at, c.id",
        [](const Row& row) { return ClientSummary{.client = read_client(row), .live_tokens = row.integer(12)}; }, now,
        tenant);
}

Result<bool> set_client_secret(Transaction& transaction, const TenantId& tenant, const ClientId& id,
                               const Digest& secret_hash) {
    TRY(const auto changed, transaction.run("UPDATE clients SET secret_hash = ? WHERE id = ? AND tenant = ?",
                                            secret_hash, id, tenant));
    return changed > 0;
}

Result<bool> delete_client(Transaction& transaction, const TenantId& tenant, const ClientId& id) {
    TRY(const auto changed, transaction.run("DELETE FROM clients WHERE id = ? AND tenant = ?", id, tenant));
    return changed > 0;
}

Result<void> touch_client(Transaction& transaction, const ClientId& id, WallTime now) {
    TRY_VOID(transaction.run("UPDATE clients SET last_used_at = max(coalesce(last_used_at, 0), ?) WHERE id = ?", now,
                             id));
    return {};
}

}  // namespace quell::store
