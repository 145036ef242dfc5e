// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/inbound_events.hpp"

namespace quell::store {

Result<bool> insert_inbound_event(Transaction& transaction, const InboundEventRow& row, WallTime due_at) {
    TRY(const auto added,
        transaction.run("INSERT INTO inbound_events (tenant, connector, event_id, document, received_at, due_at)"
                        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                        row.name.tenant, row.name.connector, row.name.event_id, row.document, row.received_at, due_at));
    return added > 0;
}

Result<std::vector<InboundEventRow>> due_inbound_events(Reader& reader, WallTime now, std::int64_t limit) {
    return reader.rows<InboundEventRow>(
        "SELECT tenant, connector, event_id, document, received_at, attempts FROM inbound_events"
        " WHERE due_at <= ? ORDER BY due_at LIMIT ?",
        [](const Row& row) {
            return InboundEventRow{.name = {row.id<TenantId>(0), row.id<ConnectorKey>(1), row.text(2)},
                                   .document = row.text(3),
                                   .received_at = row.time(4),
                                   .attempts = row.integer(5)};
        },
        now, limit);
}

Result<void> hasten_inbound_events(Transaction& transaction, WallTime now) {
    TRY(const auto hastened, transaction.run("UPDATE inbound_events SET due_at = ? WHERE due_at > ?", now, now));
    static_cast<void>(hastened);
    return {};
}

Result<bool> claim_inbound_event(Transaction& transaction, const InboundEventName& name, WallTime now, WallTime due_at) {
    TRY(const auto claimed,
        transaction.run("UPDATE inbound_events SET attempts = attempts + 1, due_at = ?"
                        " WHERE tenant = ? AND connector = ? AND event_id = ? AND due_at <= ?",
                        due_at, name.tenant, name.connector, name.event_id, now));
    return claimed > 0;
}

Result<void> postpone_inbound_event(Transaction& transaction, const InboundEventName& name, WallTime due_at) {
    TRY(const auto postponed, transaction.run("UPDATE inbound_events SET due_at = ? WHERE tenant = ? AND connector = ?"
                                              " AND event_id = ? AND due_at IS NOT NULL",
                                              due_at, name.tenant, name.connector, name.event_id));
    static_cast<void>(postponed);
    return {};
}

Result<void> finish_inbound_event(Transaction& transaction, const InboundEventName& name) {
    TRY(const auto finished, transaction.run("UPDATE inbound_events SET due_at = NULL, document = ''"
                                             " WHERE tenant = ? AND connector = ? AND event_id = ?",
                                             name.tenant, name.connector, name.event_id));
    static_cast<void>(finished);
    return {};
}

Result<std::int64_t> delete_inbound_events(Transaction& transaction, WallTime before, std::int64_t limit) {
    return transaction.run("DELETE FROM inbound_events WHERE rowid IN (SELECT rowid FROM inbound_events"
                           " WHERE due_at IS NULL AND received_at < ? LIMIT ?)",
                           before, limit);
}

}  // namespace quell::store
