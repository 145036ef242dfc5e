// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/notifications.hpp"

namespace quell::store {
namespace {

NotificationRow read_notification(const Row& row) {
    return {.id = row.text(0),
            .tenant = row.id<TenantId>(1),
            .event = row.text(2),
            .subject = row.text(3),
            .channel = row.text(4),
            .destination = row.text(5),
            .lane = row.text(6),
            .payload = row.text(7),
            .state = row.text(8),
            .attempts = row.integer(9),
            .created_at = row.time(10),
            .next_at = row.optional_time(11),
            .finished_at = row.optional_time(12),
            .last_error = row.optional_text(13)};
}

Result<void> run(Transaction& transaction, std::string_view sql, const auto&... args) {
    TRY_VOID(transaction.run(sql, args...));
    return {};
}

}  // namespace

Result<void> insert_notification(Transaction& transaction, const NotificationRow& row) {
    return run(transaction,
               "INSERT INTO notifications (id, tenant, event, subject, channel, destination, lane, payload, state, attempts,"
               " created_at, next_at, finished_at, last_error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
               row.id, row.tenant, row.event, row.subject, row.channel, row.destination, row.lane, row.payload, row.state,
               row.attempts, row.created_at, row.next_at, row.finished_at, row.last_error);
}

Result<std::vector<NotificationRow>> due_notifications(Reader& reader, WallTime now) {
    // Beside min(), SQLite gives the other columns of that very row.
    return reader.rows<NotificationRow>(
        "SELECT id, tenant, event, subject, channel, destination, lane, payload, state, attempts, created_at, min(next_at),"
        " finished_at, last_error FROM notifications"
        " WHERE state = 'pending' AND next_at <= ? AND (claimed_until IS NULL OR claimed_until <= ?) GROUP BY lane",
        read_notification, now, now);
}

Result<bool> claim_notification(Transaction& transaction, std::string_view id, WallTime now, WallTime until) {
    TRY(const std::int64_t changed,
        transaction.run("UPDATE notifications SET claimed_until = ?, attempts = attempts + 1"
                        " WHERE id = ? AND state = 'pending' AND (claimed_until IS NULL OR claimed_until <= ?)",
                        until, id, now));
    return changed == 1;
}

Result<void> unclaim_notification(Transaction& transaction, std::string_view id) {
    return run(transaction,
               "UPDATE notifications SET claimed_until = NULL, attempts = attempts - 1 WHERE id = ? AND claimed_until IS NOT NULL",
               id);
}

Result<void> clear_notification_claims(Transaction& transaction) {
    return run(transaction, "UPDATE notifications SET claimed_until = NULL WHERE state = 'pending' AND claimed_until IS NOT NULL");
}

Result<void> finish_notification(Transaction& transaction, std::string_view id, std::string_view state, WallTime now,
                                 const std::optional<std::string>& error) {
    return run(transaction,
               "UPDATE notifications SET state = ?, finished_at = ?, last_error = ?, next_at = NULL, claimed_until = NULL"
               " WHERE id = ? AND state = 'pending'",
               state, now, error, id);
}

Result<void> postpone_notification(Transaction& transaction, std::string_view id, WallTime next, std::string_view error) {
    return run(transaction,
               "UPDATE notifications SET next_at = ?, last_error = ?, claimed_until = NULL WHERE id = ? AND state = 'pending'",
               next, error, id);
}

Result<bool> retry_notification(Transaction& transaction, const TenantId& tenant, std::string_view id, WallTime now) {
    TRY_VOID(transaction.run("DELETE FROM notification_stops WHERE tenant = ? AND destination ="
                             " (SELECT destination FROM notifications WHERE tenant = ? AND id = ?)",
                             tenant, tenant, id));
    TRY(const std::int64_t changed,
        transaction.run("UPDATE notifications SET state = 'pending', next_at = ?, finished_at = NULL, attempts = 0"
                        " WHERE tenant = ? AND id = ? AND state = 'failed'",
                        now, tenant, id));
    return changed == 1;
}

Result<void> stop_destination(Transaction& transaction, const TenantId& tenant, std::string_view destination, WallTime now,
                              std::string_view error) {
    TRY_VOID(transaction.run("INSERT INTO notification_stops (tenant, destination, stopped_at) VALUES (?, ?, ?)"
                             " ON CONFLICT DO NOTHING",
                             tenant, destination, now));
    return run(transaction,
               "UPDATE notifications SET state = 'failed', finished_at = ?, last_error = ?, next_at = NULL, claimed_until = NULL"
               " WHERE tenant = ? AND destination = ? AND state = 'pending'",
               now, error, tenant, destination);
}

Result<bool> is_stopped(Reader& reader, const TenantId& tenant, std::string_view destination) {
    TRY(const auto found, reader.row<bool>("SELECT 1 FROM notification_stops WHERE tenant = ? AND destination = ?",
                                           [](const Row&) { return true; }, tenant, destination));
    return found.has_value();
}

Result<std::vector<NotificationRow>> list_notifications(Reader& reader, const TenantId& tenant, std::string_view state,
                                                        std::string_view before, std::int64_t limit) {
    return reader.rows<NotificationRow>(
        "SELECT id, tenant, event, subject, channel, destination, lane, payload, state, attempts, created_at, next_at,"
        " finished_at, last_error FROM notifications"
        " WHERE tenant = ? AND (? = '' OR state = ?) AND (? = '' OR id < ?) ORDER BY id DESC LIMIT ?",
        read_notification, tenant, state, state, before, before, limit);
}

Result<std::optional<NotificationRow>> find_notification(Reader& reader, const TenantId& tenant, std::string_view id) {
    return reader.row<NotificationRow>(
        "SELECT id, tenant, event, subject, channel, destination, lane, payload, state, attempts, created_at, next_at,"
        " finished_at, last_error FROM notifications WHERE tenant = ? AND id = ?",
        read_notification, tenant, id);
}

Result<std::vector<NotificationCount>> count_notifications(Reader& reader, const TenantId& tenant) {
    return reader.rows<NotificationCount>(
        "SELECT channel, state, count(*) FROM notifications WHERE tenant = ? GROUP BY channel, state ORDER BY channel, state",
        [](const Row& row) { return NotificationCount{row.text(0), row.text(1), row.integer(2)}; }, tenant);
}

Result<std::int64_t> delete_finished_notifications(Transaction& transaction, WallTime before, std::int64_t most) {
    return transaction.run("DELETE FROM notifications WHERE id IN (SELECT id FROM notifications"
                           " WHERE state <> 'pending' AND finished_at < ? LIMIT ?)",
                           before, most);
}

}  // namespace quell::store
