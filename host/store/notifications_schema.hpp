// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

namespace quell::store {

// The outbox of notices and callbacks, a part of schema version 2. Times are Unix milliseconds.
inline constexpr std::string_view kNotificationsSchema = R"sql(
-- One row a message and destination; its id is what the receiver sees (webhook-id). `lane` are deliveries that go one at a
-- time, so that a slow receiver holds up nobody else. `claimed_until` is set while somebody sends: a claim that lapsed is
-- anybody's. `attempts` counts from before the sending, so that a crash counts too.
CREATE TABLE notifications (
    id            TEXT NOT NULL PRIMARY KEY,
    tenant        TEXT NOT NULL,
    event         TEXT NOT NULL,
    subject       TEXT NOT NULL,
    channel       TEXT NOT NULL CHECK (channel = 'email' OR channel = 'slack' OR channel = 'webhook' OR channel = 'plugin' OR
                      channel = 'callback'),
    destination   TEXT NOT NULL,
    lane          TEXT NOT NULL,
    payload       TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state = 'pending' OR state = 'delivered' OR state = 'failed'),
    attempts      INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL,
    next_at       INTEGER,
    claimed_until INTEGER,
    finished_at   INTEGER,
    last_error    TEXT,
    CHECK ((state = 'pending') = (next_at IS NOT NULL)),
    CHECK ((state = 'pending') = (finished_at IS NULL))
) STRICT;

CREATE INDEX notifications_due ON notifications (lane, next_at) WHERE state = 'pending';
CREATE INDEX notifications_of_tenant ON notifications (tenant, id);
CREATE INDEX notifications_finished ON notifications (finished_at) WHERE state <> 'pending';

-- Destinations that answered 410: they get nothing until somebody retries (SS-05).
CREATE TABLE notification_stops (
    tenant      TEXT NOT NULL,
    destination TEXT NOT NULL,
    stopped_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant, destination)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace quell::store
