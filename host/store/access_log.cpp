// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/access_log.hpp"

namespace quell::store {
namespace {

AccessRow read_access(const Row& row) {
    return {.id = row.text(0),
            .at = row.time(1),
            .action = row.text(2),
            .resource = row.text(3),
            .operation = row.text(4),
            .actor = row.text(5),
            .label = row.text(6),
            .approval_id = row.text(7),
            .success = row.boolean(8),
            .outcome = row.text(9),
            .peer = row.text(10),
            .user_agent = row.text(11)};
}

}  // namespace

Result<void> insert_access(Transaction& transaction, const TenantId& tenant, const AccessRow& row) {
    TRY_VOID(transaction.run("INSERT INTO access_log (tenant, at, id, action, resource, operation, actor, label, approval_id, success,"
                             " outcome, peer, user_agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                             tenant, row.at, row.id, row.action, row.resource, row.operation, row.actor, row.label, row.approval_id,
                             row.success, row.outcome, row.peer, row.user_agent));
    return {};
}

Result<std::vector<AccessRow>> list_accesses(Reader& reader, const TenantId& tenant, const AccessQuery& query, std::int64_t limit) {
    return reader.rows<AccessRow>(
        "SELECT id, at, action, resource, operation, actor, label, approval_id, success, outcome, peer, user_agent FROM access_log"
        " WHERE tenant = ?1 AND at >= ?2 AND (at, id) < (?3, ?4) AND (?5 = '' OR actor = ?5) AND (?6 = '' OR operation = ?6)"
        " ORDER BY at DESC, id DESC LIMIT ?7",
        read_access, tenant, query.since, query.before, query.before_id, query.actor, query.operation, limit);
}

Result<std::int64_t> count_for_alert(Transaction& transaction, const TenantId& tenant, std::string_view name, WallTime window) {
    TRY_VOID(transaction.run("DELETE FROM secret_alerts WHERE tenant = ? AND name = ? AND begins < ?", tenant, name, window));
    TRY(const auto count,
        transaction.row<std::int64_t>("INSERT INTO secret_alerts (tenant, name, begins, count) VALUES (?, ?, ?, 1)"
                                      " ON CONFLICT (tenant, name, begins) DO UPDATE SET count = count + 1 RETURNING count",
                                      [](const Row& row) { return row.integer(0); }, tenant, name, window));
    return count.value_or(0);
}

}  // namespace quell::store
