// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

namespace quell::store {

// What providers told connectors (inbound_event/1), a part of schema version 2. Times are Unix milliseconds. A row stays
// for a while after it was acted on, without its document, so that a replay finds it. `due_at` is there until then.
inline constexpr std::string_view kInboundSchema = R"sql(
CREATE TABLE inbound_events (
    tenant      TEXT NOT NULL,
    connector   TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    document    TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    due_at      INTEGER,
    attempts    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, connector, event_id)
) STRICT;
CREATE INDEX inbound_events_due ON inbound_events (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX inbound_events_done ON inbound_events (received_at) WHERE due_at IS NULL;
)sql";

}  // namespace quell::store
