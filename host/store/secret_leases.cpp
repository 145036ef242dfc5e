// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/secret_leases.hpp"

namespace quell::store {
namespace {

SecretLeaseRow read_lease(const Row& row) {
    return {.tenant = row.id<TenantId>(0),
            .connector = row.id<ConnectorKey>(1),
            .lease_id = row.text(2),
            .actor = row.text(3),
            .expires_at = row.time(4),
            .next_at = row.time(5),
            .tries = row.integer(6)};
}

}  // namespace

Result<void> insert_secret_lease(Transaction& transaction, const SecretLeaseRow& row) {
    TRY_VOID(transaction.run("INSERT INTO secret_leases (tenant, connector, lease_id, actor, expires_at, next_at, tries)"
                             " VALUES (?, ?, ?, ?, ?, ?, ?)",
                             row.tenant, row.connector, row.lease_id, row.actor, row.expires_at, row.next_at, row.tries));
    return {};
}

Result<std::vector<SecretLeaseRow>> list_due_secret_leases(Reader& reader, WallTime now, std::int64_t limit) {
    return reader.rows<SecretLeaseRow>("SELECT tenant, connector, lease_id, actor, expires_at, next_at, tries FROM secret_leases"
                                       " WHERE next_at <= ? ORDER BY next_at LIMIT ?",
                                       read_lease, now, limit);
}

Result<std::optional<WallTime>> next_secret_lease(Reader& reader) {
    return reader.row<WallTime>("SELECT next_at FROM secret_leases ORDER BY next_at LIMIT 1",
                                [](const Row& row) { return row.time(0); });
}

Result<void> postpone_secret_lease(Transaction& transaction, const SecretLeaseRow& row, WallTime next_at) {
    TRY_VOID(transaction.run("UPDATE secret_leases SET next_at = ?, tries = tries + 1 WHERE tenant = ? AND connector = ? AND lease_id = ?",
                             next_at, row.tenant, row.connector, row.lease_id));
    return {};
}

Result<void> delete_secret_lease(Transaction& transaction, const SecretLeaseRow& row) {
    TRY_VOID(transaction.run("DELETE FROM secret_leases WHERE tenant = ? AND connector = ? AND lease_id = ?", row.tenant,
                             row.connector, row.lease_id));
    return {};
}

}  // namespace quell::store
