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
            .scopes = static_cast<std::uint16_t>(row.integer(7)),
            .created_by = row.text(8),
            .created_at = row.time(9),
            .last_used_at = row.optional_time(10),
            .jwks = row.optional_text(11)};
}

// A client of no tenant loses what this tenant's people gave it, and goes with the last consent.
Result<bool> withdraw_client(Transaction& transaction, const TenantId& tenant, const ClientId& id) {
    TRY(const auto known,
        transaction.run("DELETE FROM consents WHERE client_id = ?1 AND tenant = ?2"
                        " AND EXISTS (SELECT 1 FROM clients WHERE id = ?1 AND tenant = '')",
                        id, tenant));
    if (known == 0) {
        return false;
    }
    for (const std::string_view sql : {"DELETE FROM authorization_codes WHERE client_id = ? AND tenant = ?",
                                       "DELETE FROM token_families WHERE client_id = ? AND tenant = ?",
                                       "DELETE FROM access_tokens WHERE client_id = ? AND tenant = ?"}) {
        TRY_VOID(transaction.run(sql, id, tenant));
    }
    TRY_VOID(transaction.run("DELETE FROM clients WHERE id = ?1"
                             " AND NOT EXISTS (SELECT 1 FROM consents WHERE client_id = ?1)",
                             id));
    return true;
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

Result<void> save_client(Transaction& transaction, const ClientRow& row) {
    TRY(const auto known, transaction.run("UPDATE clients SET kind = ?, name = ?, secret_hash = ?, redirect_uris = ?,"
                                          " grant_types = ?, scopes = ?, jwks = ? WHERE id = ? AND tenant = ?",
                                          row.kind, row.name, row.secret_hash, to_json(row.redirect_uris),
                                          to_json(row.grant_types), row.scopes, row.jwks, row.id, row.tenant));
    return known > 0 ? Result<void>() : insert_client(transaction, row);
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
        "   WHERE t.client_id = c.id AND t.expires_at > ?1 AND (c.tenant = ?2 OR t.tenant = ?2)"
        "   AND (t.family_id IS NULL OR (f.id IS NOT NULL AND f.revoked_at IS NULL)))"
        " FROM clients c WHERE c.tenant = ?2 OR (c.tenant = ''"
        "   AND EXISTS (SELECT 1 FROM consents n WHERE n.client_id = c.id AND n.tenant = ?2))"
        " ORDER BY c.created_at, c.id",
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
    TRY(const auto own, transaction.run("DELETE FROM clients WHERE id = ? AND tenant = ?", id, tenant));
    return own > 0 ? Result<bool>(true) : withdraw_client(transaction, tenant, id);
}

Result<std::int64_t> delete_unused_clients(Transaction& transaction, WallTime before, std::int64_t limit) {
    return transaction.run("DELETE FROM clients WHERE id IN (SELECT id FROM clients WHERE last_used_at IS NULL"
                           " AND created_at < ? AND kind <> 'static' LIMIT ?)",
                           before, limit);
}

Result<std::int64_t> count_unused_clients(Reader& reader) {
    TRY(const auto count, reader.row<std::int64_t>("SELECT count(*) FROM clients WHERE last_used_at IS NULL"
                                                   " AND kind <> 'static'",
                                                   [](const Row& row) { return row.integer(0); }));
    return count.value_or(0);
}

Result<void> touch_client(Transaction& transaction, const ClientId& id, WallTime now) {
    TRY_VOID(transaction.run("UPDATE clients SET last_used_at = max(coalesce(last_used_at, 0), ?) WHERE id = ?", now,
                             id));
    return {};
}

}  // namespace quell::store
