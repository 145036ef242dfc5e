// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/secrets.hpp"

namespace quell::store {
namespace {

SecretVersionRow read_version(const Row& row) {
    return {.tenant = row.id<TenantId>(0),
            .uri = row.text(1),
            .version = row.integer(2),
            .sealed = row.text(3),
            .key_id = row.text(4),
            .created_by = row.text(5),
            .created_at = row.time(6)};
}

SecretRow read_secret(const Row& row) {
    return {.uri = row.text(0),
            .version = row.integer(1),
            .newest = row.integer(2),
            .created_at = row.time(3),
            .updated_at = row.time(4),
            .accesses = row.integer(5)};
}

WrappedRow read_wrapped(const Row& row) {
    return {.hash = row.digest(0),
            .tenant = row.id<TenantId>(1),
            .uri = row.text(2),
            .approval_id = row.text(3),
            .sealed = row.text(4),
            .expires_at = row.time(5)};
}

}  // namespace

Result<std::int64_t> add_secret_version(Transaction& transaction, const SecretVersionRow& row) {
    TRY(const auto number,
        transaction.row<std::int64_t>("INSERT INTO secrets (tenant, uri, version, newest, created_at, updated_at) VALUES (?1, ?2, 1, 1, ?3, ?3)"
                                      " ON CONFLICT (tenant, uri) DO UPDATE SET version = newest + 1, newest = newest + 1,"
                                      " updated_at = excluded.updated_at RETURNING version",
                                      [](const Row& found) { return found.integer(0); }, row.tenant, row.uri, row.created_at));
    TRY_VOID(transaction.run("INSERT INTO secret_versions (tenant, uri, version, sealed, key_id, created_by, created_at)"
                             " VALUES (?, ?, ?, ?, ?, ?, ?)",
                             row.tenant, row.uri, *number, row.sealed, row.key_id, row.created_by, row.created_at));
    return *number;
}

Result<std::optional<SecretVersionRow>> find_secret_version(Reader& reader, const TenantId& tenant, std::string_view uri,
                                                            std::optional<std::int64_t> version) {
    return reader.row<SecretVersionRow>(
        "SELECT v.tenant, v.uri, v.version, v.sealed, v.key_id, v.created_by, v.created_at FROM secrets s"
        " JOIN secret_versions v ON v.tenant = s.tenant AND v.uri = s.uri AND v.version = coalesce(?3, s.version)"
        " WHERE s.tenant = ?1 AND s.uri = ?2",
        read_version, tenant, uri, version);
}

Result<bool> set_secret_version(Transaction& transaction, const TenantId& tenant, std::string_view uri, std::int64_t version,
                                WallTime now) {
    TRY(const auto changed,
        transaction.run("UPDATE secrets SET version = ?3, updated_at = ?4 WHERE tenant = ?1 AND uri = ?2 AND EXISTS"
                        " (SELECT 1 FROM secret_versions WHERE tenant = ?1 AND uri = ?2 AND version = ?3)",
                        tenant, uri, version, now));
    return changed == 1;
}

Result<bool> delete_secret(Transaction& transaction, const TenantId& tenant, std::string_view uri) {
    TRY(const auto gone, transaction.run("DELETE FROM secrets WHERE tenant = ? AND uri = ?", tenant, uri));
    return gone == 1;
}

Result<std::optional<SecretRow>> find_secret(Reader& reader, const TenantId& tenant, std::string_view uri) {
    return reader.row<SecretRow>("SELECT s.uri, s.version, s.newest, s.created_at, s.updated_at, coalesce(a.count, 0) FROM secrets s"
                                 " LEFT JOIN secret_accesses a ON a.tenant = s.tenant AND a.uri = s.uri WHERE s.tenant = ? AND s.uri = ?",
                                 read_secret, tenant, uri);
}

Result<std::vector<SecretRow>> list_secrets(Reader& reader, const TenantId& tenant) {
    return reader.rows<SecretRow>("SELECT s.uri, s.version, s.newest, s.created_at, s.updated_at, coalesce(a.count, 0) FROM secrets s"
                                  " LEFT JOIN secret_accesses a ON a.tenant = s.tenant AND a.uri = s.uri WHERE s.tenant = ? ORDER BY s.uri",
                                  read_secret, tenant);
}

Result<std::vector<SecretVersionRow>> list_sealed_otherwise(Reader& reader, std::string_view key_id, std::int64_t limit) {
    return reader.rows<SecretVersionRow>("SELECT tenant, uri, version, sealed, key_id, created_by, created_at FROM secret_versions"
                                         " WHERE key_id <> ? LIMIT ?",
                                         read_version, key_id, limit);
}

Result<bool> reseal_secret(Transaction& transaction, const SecretVersionRow& row, std::string_view sealed, std::string_view key_id) {
    TRY(const auto changed, transaction.run("UPDATE secret_versions SET sealed = ?, key_id = ? WHERE tenant = ? AND uri = ? AND version = ?"
                                            " AND sealed = ?",
                                            sealed, key_id, row.tenant, row.uri, row.version, row.sealed));
    return changed == 1;
}

Result<std::int64_t> count_secret_access(Transaction& transaction, const TenantId& tenant, std::string_view uri) {
    TRY(const auto count,
        transaction.row<std::int64_t>("INSERT INTO secret_accesses (tenant, uri, count) VALUES (?, ?, 1)"
                                      " ON CONFLICT (tenant, uri) DO UPDATE SET count = count + 1 RETURNING count",
                                      [](const Row& row) { return row.integer(0); }, tenant, uri));
    return count.value_or(0);
}

Result<void> insert_wrapped(Transaction& transaction, const WrappedRow& row) {
    TRY_VOID(transaction.run("INSERT INTO wrapped_values (hash, tenant, uri, approval_id, sealed, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                             row.hash, row.tenant, row.uri, row.approval_id, row.sealed, row.expires_at));
    return {};
}

Result<std::optional<WrappedRow>> take_wrapped(Transaction& transaction, const TenantId& tenant, const Digest& hash, WallTime now) {
    return transaction.row<WrappedRow>("DELETE FROM wrapped_values WHERE hash = ? AND tenant = ? AND expires_at > ?"
                                       " RETURNING hash, tenant, uri, approval_id, sealed, expires_at",
                                       read_wrapped, hash, tenant, now);
}

Result<std::int64_t> delete_expired_wrapped(Transaction& transaction, WallTime now, std::int64_t limit) {
    return transaction.run("DELETE FROM wrapped_values WHERE hash IN (SELECT hash FROM wrapped_values WHERE expires_at <= ? LIMIT ?)", now,
                           limit);
}

Result<void> save_secret_rule(Transaction& transaction, const TenantId& tenant, const SecretRuleRow& row, std::string_view created_by,
                              WallTime now) {
    TRY_VOID(transaction.run("INSERT INTO secret_rules (tenant, shape, document, created_by, created_at) VALUES (?, ?, ?, ?, ?)"
                             " ON CONFLICT (tenant, shape) DO UPDATE SET document = excluded.document, created_by = excluded.created_by,"
                             " created_at = excluded.created_at",
                             tenant, row.shape, row.document, created_by, now));
    return {};
}

Result<std::vector<SecretRuleRow>> list_secret_rules(Reader& reader, const TenantId& tenant) {
    return reader.rows<SecretRuleRow>("SELECT shape, document FROM secret_rules WHERE tenant = ? ORDER BY shape",
                                      [](const Row& row) { return SecretRuleRow{row.text(0), row.text(1)}; }, tenant);
}

Result<bool> delete_secret_rule(Transaction& transaction, const TenantId& tenant, std::string_view shape) {
    TRY(const auto gone, transaction.run("DELETE FROM secret_rules WHERE tenant = ? AND shape = ?", tenant, shape));
    return gone == 1;
}

}  // namespace quell::store
