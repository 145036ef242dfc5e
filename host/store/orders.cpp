// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/orders.hpp"

namespace quell::store {
namespace {

#define QUELL_REQUEST_COLUMNS                                                                                  \
    "tenant, request_id, kind, principal, principal_label, entry, action, lookup_type, value, "               \
    "integration_targets, reason, dry_run, idempotency_key, arguments_digest, created_at, settle_until, "     \
    "status, failed_integrations, integrations, billed"

#define QUELL_TARGET_COLUMNS                                                                                   \
    "tenant, request_id, position, connector, provider_id, verb, name, serial_number, start_state, state, "   \
    "changed, outcome, error, continuation, attempts, intent_at, sent_at, final_at, joined_to, "              \
    "joined_position, resolved_by, result_metadata, sealed_pin"

RequestRow request_row(const Row& row) {
    return {.tenant = row.id<TenantId>(0),
            .id = row.id<RequestId>(1),
            .kind = row.text(2),
            .principal = row.text(3),
            .principal_label = row.text(4),
            .entry = row.text(5),
            .action = row.text(6),
            .lookup_type = row.text(7),
            .value = row.text(8),
            .integration_targets = row.optional_text(9),
            .reason = row.optional_text(10),
            .dry_run = row.boolean(11),
            .idempotency_key = row.optional_text(12),
            .arguments_digest = row.optional_text(13),
            .created_at = row.time(14),
            .settle_until = row.time(15),
            .status = row.text(16),
            .failed_integrations = row.integer(17),
            .integrations = row.text(18),
            .billed = row.boolean(19)};
}

std::optional<bool> optional_bool(const Row& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.boolean(column));
}

TargetRow target_row(const Row& row) {
    return {.tenant = row.id<TenantId>(0),
            .request = row.id<RequestId>(1),
            .position = row.integer(2),
            .connector = row.text(3),
            .provider_id = row.text(4),
            .verb = row.text(5),
            .name = row.optional_text(6),
            .serial_number = row.optional_text(7),
            .start_state = row.optional_text(8),
            .state = row.text(9),
            .changed = optional_bool(row, 10),
            .outcome = row.optional_text(11),
            .error = row.optional_text(12),
            .continuation = row.optional_text(13),
            .attempts = row.integer(14),
            .intent_at = row.time(15),
            .sent_at = row.optional_time(16),
            .final_at = row.optional_time(17),
            .joined_to = row.optional_text(18),
            .joined_position = row.optional_integer(19),
            .resolved_by = row.text(20),
            .result_metadata = row.text(21),
            .sealed_pin = row.optional_text(22)};
}

RequestName request_name(const Row& row) { return {row.id<TenantId>(0), row.id<RequestId>(1)}; }

}  // namespace

Result<void> insert_request(Transaction& transaction, const RequestRow& row) {
    TRY([[maybe_unused]] const auto inserted,
        transaction.run("INSERT INTO requests (" QUELL_REQUEST_COLUMNS
                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        row.tenant, row.id, row.kind, row.principal, row.principal_label, row.entry, row.action,
                        row.lookup_type, row.value, row.integration_targets, row.reason, row.dry_run,
                        row.idempotency_key, row.arguments_digest, row.created_at, row.settle_until, row.status,
                        row.failed_integrations, row.integrations, row.billed));
    return {};
}

Result<void> insert_target(Transaction& transaction, const TargetRow& row) {
    TRY([[maybe_unused]] const auto inserted,
        transaction.run("INSERT INTO targets (" QUELL_TARGET_COLUMNS
                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        row.tenant, row.request, row.position, row.connector, row.provider_id, row.verb, row.name,
                        row.serial_number, row.start_state, row.state, row.changed, row.outcome, row.error,
                        row.continuation, row.attempts, row.intent_at, row.sent_at, row.final_at, row.joined_to,
                        row.joined_position, row.resolved_by, row.result_metadata, row.sealed_pin));
    return {};
}

Result<std::optional<KeyedRequest>> find_keyed_request(Reader& reader, const TenantId& tenant,
                                                       std::string_view principal, std::string_view key) {
    return reader.row<KeyedRequest>(
        "SELECT request_id, arguments_digest FROM requests WHERE tenant = ? AND principal = ? AND "
        "idempotency_key = ?",
        [](const Row& row) { return KeyedRequest{row.id<RequestId>(0), row.text(1)}; }, tenant, principal, key);
}

Result<std::optional<RequestRow>> find_request(Reader& reader, const TenantId& tenant, const RequestId& id) {
    return reader.row<RequestRow>(
        "SELECT " QUELL_REQUEST_COLUMNS " FROM requests WHERE tenant = ? AND request_id = ?", request_row, tenant, id);
}

Result<std::vector<TargetRow>> targets_of(Reader& reader, const TenantId& tenant, const RequestId& id) {
    return reader.rows<TargetRow>("SELECT " QUELL_TARGET_COLUMNS
                                  " FROM targets WHERE tenant = ? AND request_id = ? ORDER BY position",
                                  target_row, tenant, id);
}

Result<std::optional<TargetRow>> find_open_target(Reader& reader, const TenantId& tenant, std::string_view connector,
                                                  std::string_view provider_id, std::string_view verb) {
    return reader.row<TargetRow>(
        "SELECT " QUELL_TARGET_COLUMNS
        " FROM targets WHERE tenant = ? AND connector = ? AND provider_id = ? AND verb = ? AND joined_to IS NULL "
        "AND final_at IS NULL",
        target_row, tenant, connector, provider_id, verb);
}

Result<std::vector<RequestRow>> list_requests(Reader& reader, const TenantId& tenant, std::string_view kind,
                                              const RequestId& before, std::int64_t limit) {
    // '~' sorts behind every id.
    return reader.rows<RequestRow>("SELECT " QUELL_REQUEST_COLUMNS
                                   " FROM requests WHERE tenant = ? AND request_id < ? AND kind = ? "
                                   "ORDER BY request_id DESC LIMIT ?",
                                   request_row, tenant, before.empty() ? RequestId("~") : before, kind, limit);
}

Result<std::optional<std::string>> status_of(Reader& reader, const RequestName& request) {
    return reader.row<std::string>(
        "SELECT status FROM requests WHERE tenant = ? AND request_id = ?",
        [](const Row& row) { return row.text(0); }, request.tenant, request.id);
}

Result<std::vector<RequestName>> pending_requests(Reader& reader) {
    return reader.rows<RequestName>(
        "SELECT tenant, request_id FROM requests WHERE status = 'pending' ORDER BY request_id", request_name);
}

Result<void> update_target(Transaction& transaction, const TargetRow& row, std::vector<RequestName>& joined) {
    TRY(const auto changed,
        transaction.run("UPDATE targets SET state = ?, changed = ?, outcome = ?, error = ?, continuation = ?, "
                        "attempts = ?, sent_at = ?, final_at = ?, result_metadata = ? "
                        "WHERE tenant = ? AND request_id = ? AND position = ? AND final_at IS NULL",
                        row.state, row.changed, row.outcome, row.error, row.continuation, row.attempts, row.sent_at,
                        row.final_at, row.result_metadata, row.tenant, row.request, row.position));
    if (changed != 1) {
        return Error(Code::aborted, "internal_error", "The target is final already.");
    }
    TRY(auto mirrors, transaction.rows<RequestName>(
                          "UPDATE targets SET state = ?, changed = ?, outcome = ?, error = ?, sent_at = ?, "
                          "final_at = ?, result_metadata = ? "
                          "WHERE tenant = ? AND joined_to = ? AND joined_position = ? RETURNING tenant, request_id",
                          request_name, row.state, row.changed, row.outcome, row.error, row.sent_at, row.final_at,
                          row.result_metadata, row.tenant, row.request, row.position));
    joined.insert(joined.end(), mirrors.begin(), mirrors.end());
    return {};
}

Result<Tally> tally_of(Reader& reader, const RequestName& request) {
    TRY(auto tally, reader.row<Tally>(
                        "SELECT kind, failed_integrations FROM requests WHERE tenant = ? AND request_id = ?",
                        [](const Row& row) { return Tally{row.text(0), row.integer(1), {}}; }, request.tenant,
                        request.id));
    if (!tally) {
        return internal_error("a target without its request");
    }
    TRY(tally->states, reader.rows<std::string>(
                           "SELECT state FROM targets WHERE tenant = ? AND request_id = ?",
                           [](const Row& row) { return row.text(0); }, request.tenant, request.id));
    return std::move(*tally);
}

Result<void> set_status(Transaction& transaction, const RequestName& request, std::string_view status) {
    TRY([[maybe_unused]] const auto changed,
        transaction.run("UPDATE requests SET status = ? WHERE tenant = ? AND request_id = ?", status, request.tenant,
                        request.id));
    return {};
}

Result<void> count_unit(Transaction& transaction, const TenantId& tenant, std::string_view kind,
                        std::string_view month) {
    TRY([[maybe_unused]] const auto counted,
        transaction.run("INSERT INTO usage_units (tenant, kind, month, units) VALUES (?, ?, ?, 1) "
                        "ON CONFLICT (tenant, kind, month) DO UPDATE SET units = units + 1",
                        tenant, kind, month));
    return {};
}

Result<void> bill_once(Transaction& transaction, const RequestName& request, std::string_view kind,
                       std::string_view month) {
    TRY(const auto first, transaction.run("UPDATE requests SET billed = 1 WHERE tenant = ? AND request_id = ? AND "
                                          "billed = 0 AND dry_run = 0",
                                          request.tenant, request.id));
    return first == 0 ? Result<void>() : count_unit(transaction, request.tenant, kind, month);
}

Result<std::vector<UsageRow>> usage_of(Reader& reader, const TenantId& tenant) {
    return reader.rows<UsageRow>(
        "SELECT kind, month, units FROM usage_units WHERE tenant = ? ORDER BY month, kind",
        [](const Row& row) { return UsageRow{row.text(0), row.text(1), row.integer(2)}; }, tenant);
}

#undef QUELL_REQUEST_COLUMNS
#undef QUELL_TARGET_COLUMNS

}  // namespace quell::store
