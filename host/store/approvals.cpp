// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/approvals.hpp"

#include "store/json_texts.hpp"

namespace quell::store {
namespace {

// In the order of the schema, which only grows at its end.
ApprovalRow read_approval(const Row& row) {
    return {.id = row.text(0),
            .tenant = row.id<TenantId>(1),
            .kind = row.text(2),
            .resource = row.text(3),
            .operation = row.text(4),
            .arguments_digest = row.digest(5),
            .requester = row.text(6),
            .requester_label = row.text(7),
            .requested_by = row.text(8),
            .reason = row.text(9),
            .approvers = from_json(row.view(10)),
            .single_use = row.boolean(11),
            .status = row.text(12),
            .requested_at = row.time(13),
            .expires_at = row.time(14),
            .decided_by = row.optional_text(15),
            .decided_label = row.optional_text(16),
            .decided_at = row.optional_time(17),
            .decision_reason = row.optional_text(18),
            .used_at = row.optional_time(19),
            .token_hash = row.optional_digest(20)};
}

}  // namespace

Result<void> insert_approval(Transaction& transaction, const ApprovalRow& row) {
    TRY_VOID(transaction.run(
        "INSERT INTO approvals (id, tenant, kind, resource, operation, arguments_digest, requester, requester_label,"
        " requested_by, reason, approvers, single_use, status, requested_at, expires_at, decided_by, decided_label, decided_at,"
        " decision_reason, used_at, token_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.id, row.tenant, row.kind, row.resource, row.operation, row.arguments_digest, row.requester, row.requester_label,
        row.requested_by, row.reason, to_json(row.approvers), row.single_use, row.status, row.requested_at, row.expires_at,
        row.decided_by, row.decided_label, row.decided_at, row.decision_reason, row.used_at, row.token_hash));
    return {};
}

Result<std::optional<ApprovalRow>> find_approval(Reader& reader, const TenantId& tenant, std::string_view id) {
    return reader.row<ApprovalRow>("SELECT * FROM approvals WHERE id = ? AND tenant = ?", read_approval, id, tenant);
}

Result<std::optional<ApprovalRow>> find_approval_by_token(Reader& reader, const Digest& token_hash) {
    return reader.row<ApprovalRow>("SELECT * FROM approvals WHERE token_hash = ?", read_approval, token_hash);
}

Result<std::optional<ApprovalRow>> find_open_approval(Reader& reader, const ApprovalWish& wish, WallTime now) {
    return reader.row<ApprovalRow>(
        "SELECT * FROM approvals WHERE tenant = ? AND requester = ? AND kind = ? AND resource = ? AND operation = ?"
        " AND arguments_digest = ? AND status = 'pending' AND expires_at > ?",
        read_approval, wish.tenant, wish.requester, wish.kind, wish.resource, wish.operation, wish.arguments_digest, now);
}

Result<std::optional<ApprovalRow>> find_live_grant(Reader& reader, const ApprovalWish& wish, WallTime now) {
    return reader.row<ApprovalRow>(
        "SELECT * FROM approvals WHERE tenant = ? AND requester = ? AND kind = ? AND resource = ? AND operation = ?"
        " AND arguments_digest = ? AND status = 'approved' AND expires_at > ? AND (single_use = 0 OR used_at IS NULL)"
        " ORDER BY expires_at DESC LIMIT 1",
        read_approval, wish.tenant, wish.requester, wish.kind, wish.resource, wish.operation, wish.arguments_digest, now);
}

Result<std::optional<ApprovalRow>> find_live_denial(Reader& reader, const ApprovalWish& wish, WallTime now) {
    return reader.row<ApprovalRow>(
        "SELECT * FROM approvals WHERE tenant = ? AND requester = ? AND kind = ? AND resource = ? AND operation = ?"
        " AND arguments_digest = ? AND status = 'denied' AND expires_at > ? ORDER BY decided_at DESC LIMIT 1",
        read_approval, wish.tenant, wish.requester, wish.kind, wish.resource, wish.operation, wish.arguments_digest, now);
}

Result<bool> decide_approval(Transaction& transaction, const ApprovalRow& row, WallTime now) {
    TRY(const auto changed,
        transaction.run("UPDATE approvals SET status = ?, decided_by = ?, decided_label = ?, decided_at = ?, decision_reason = ?,"
                        " expires_at = ?, token_hash = ? WHERE id = ? AND tenant = ? AND status = 'pending' AND expires_at > ?",
                        row.status, row.decided_by, row.decided_label, row.decided_at, row.decision_reason, row.expires_at,
                        row.token_hash, row.id, row.tenant, now));
    return changed == 1;
}

Result<bool> use_approval(Transaction& transaction, std::string_view id, WallTime now) {
    TRY(const auto changed,
        transaction.run("UPDATE approvals SET used_at = ? WHERE id = ? AND status = 'approved' AND expires_at > ?"
                        " AND (single_use = 0 OR used_at IS NULL)",
                        now, id, now));
    return changed == 1;
}

Result<std::vector<ApprovalRow>> expire_approvals(Transaction& transaction, WallTime now, std::int64_t limit) {
    return transaction.rows<ApprovalRow>(
        "UPDATE approvals SET status = 'expired' WHERE id IN"
        " (SELECT id FROM approvals WHERE status = 'pending' AND expires_at <= ? ORDER BY expires_at LIMIT ?) RETURNING *",
        read_approval, now, limit);
}

Result<std::vector<ApprovalRow>> list_approvals(Reader& reader, const TenantId& tenant, const ApprovalQuery& query, WallTime now) {
    return reader.rows<ApprovalRow>(
        "SELECT * FROM approvals WHERE tenant = ?1"
        " AND (?2 = '' OR CASE WHEN status = 'pending' AND expires_at <= ?3 THEN 'expired' ELSE status END = ?2)"
        " AND (?4 = '' OR resource = ?4) AND (?5 = '' OR requester = ?5)"
        " AND (?6 IS NULL OR (requested_at, id) < (?6, ?7)) ORDER BY requested_at DESC, id DESC LIMIT ?8",
        read_approval, tenant, query.status, now, query.resource, query.requester, query.before_time, query.before_id,
        query.limit);
}

}  // namespace quell::store
