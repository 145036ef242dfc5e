// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "store/statement.hpp"

// The rows of inbound_schema.hpp.
namespace quell::store {

struct InboundEventName {
    TenantId tenant;
    ConnectorKey connector;
    std::string event_id;
};

struct InboundEventRow {
    InboundEventName name;
    std::string document;  // JSON
    WallTime received_at{};
    std::int64_t attempts = 0;
};

// False if the connector told of it before (SL-03).
Result<bool> insert_inbound_event(Transaction& transaction, const InboundEventRow& row, WallTime due_at);
// The oldest first.
Result<std::vector<InboundEventRow>> due_inbound_events(Reader& reader, WallTime now, std::int64_t limit);
// What an earlier process was at, is due now.
Result<void> hasten_inbound_events(Transaction& transaction, WallTime now);
// Counts an attempt. False if it is done, or not due before that time, by somebody else's word.
Result<bool> claim_inbound_event(Transaction& transaction, const InboundEventName& name, WallTime now, WallTime due_at);
Result<void> postpone_inbound_event(Transaction& transaction, const InboundEventName& name, WallTime due_at);
// Keeps the name alone.
Result<void> finish_inbound_event(Transaction& transaction, const InboundEventName& name);
// Of those that are done; how many.
Result<std::int64_t> delete_inbound_events(Transaction& transaction, WallTime before, std::int64_t limit);

}  // namespace quell::store
