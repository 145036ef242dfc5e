// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

namespace quell::store {

// The tables of the durable orders (INTERFACES.md 1), a part of schema version 1. Times are Unix milliseconds.
// (`OR` and not `IN`: SQLite builds a table for every longer list, at every insert.)
inline constexpr std::string_view kOrdersSchema = R"sql(
-- One row an order, and a dry run with an idempotency key. `integrations` is the array of the result document: complete
-- for a dry run, without its devices or accounts for an order, whose targets have rows of their own. `status` follows the
-- targets and `failed_integrations`, the number of integrations that ended in an error without targets.
CREATE TABLE requests (
    tenant              TEXT NOT NULL,
    request_id          TEXT NOT NULL,
    kind                TEXT NOT NULL CHECK (kind = 'containment' OR kind = 'revocation'),
    principal           TEXT NOT NULL,
    principal_label     TEXT NOT NULL,
    entry               TEXT NOT NULL CHECK (entry = 'mcp' OR entry = 'cli' OR entry = 'rest'),
    action              TEXT NOT NULL,
    lookup_type         TEXT NOT NULL,
    value               TEXT NOT NULL,
    integration_targets TEXT,
    reason              TEXT,
    dry_run             INTEGER NOT NULL CHECK (dry_run = 0 OR dry_run = 1),
    idempotency_key     TEXT,
    arguments_digest    TEXT,
    created_at          INTEGER NOT NULL,
    settle_until        INTEGER NOT NULL,
    status              TEXT NOT NULL CHECK (status = 'resolved' OR status = 'pending' OR status = 'completed' OR
                            status = 'partial' OR status = 'unknown' OR status = 'failed'),
    billed              INTEGER NOT NULL DEFAULT 0 CHECK (billed = 0 OR billed = 1),
    failed_integrations INTEGER NOT NULL DEFAULT 0,
    integrations        TEXT NOT NULL,
    PRIMARY KEY (tenant, request_id)
) STRICT;

-- Exactly once, first half: one order for a key.
CREATE UNIQUE INDEX requests_by_idempotency_key ON requests (tenant, principal, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX requests_pending ON requests (request_id) WHERE status = 'pending';

-- A device or account at one connector. `start_state` is what resolving saw, `sealed_pin` the lock's PIN.
-- A joined target mirrors the target (joined_to, joined_position) and never acts. `final_at` is there in the states
-- confirmed, failed and unknown.
CREATE TABLE targets (
    tenant          TEXT NOT NULL,
    request_id      TEXT NOT NULL,
    position        INTEGER NOT NULL,
    connector       TEXT NOT NULL,
    provider_id     TEXT NOT NULL,
    verb            TEXT NOT NULL,
    name            TEXT,
    serial_number   TEXT,
    start_state     TEXT,
    state           TEXT NOT NULL CHECK (state = 'intent' OR state = 'sent' OR state = 'accepted' OR
                        state = 'confirmed' OR state = 'failed' OR state = 'unknown'),
    changed         INTEGER CHECK (changed = 0 OR changed = 1),
    outcome         TEXT CHECK (outcome = 'revoked' OR outcome = 'user_not_found' OR outcome = 'failed'),
    error           TEXT,
    continuation    TEXT,
    attempts        INTEGER NOT NULL DEFAULT 0,
    intent_at       INTEGER NOT NULL,
    sent_at         INTEGER,
    final_at        INTEGER,
    joined_to       TEXT,
    joined_position INTEGER,
    resolved_by     TEXT NOT NULL,
    result_metadata TEXT NOT NULL,
    sealed_pin      TEXT,
    PRIMARY KEY (tenant, request_id, position),
    FOREIGN KEY (tenant, request_id) REFERENCES requests (tenant, request_id)
) STRICT;

-- Exactly once, second half: one open order for a device and verb.
CREATE UNIQUE INDEX targets_open ON targets (tenant, connector, provider_id, verb)
    WHERE joined_to IS NULL AND final_at IS NULL;
CREATE INDEX targets_joined ON targets (tenant, joined_to, joined_position) WHERE joined_to IS NOT NULL;

-- Every other dry run. `asked` is the object of its audit record, `integrations` the array of its result document: the
-- two texts that were made for the answer, since dry runs are by far the most frequent rows.
CREATE TABLE dry_runs (
    tenant       TEXT NOT NULL,
    request_id   TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind = 'containment' OR kind = 'revocation'),
    created_at   INTEGER NOT NULL,
    asked        TEXT NOT NULL,
    integrations TEXT NOT NULL,
    PRIMARY KEY (tenant, request_id)
) STRICT;

-- Units of usage (V64), counted in the transaction that first confirms a target of a request.
CREATE TABLE usage_units (
    tenant TEXT NOT NULL,
    kind   TEXT NOT NULL CHECK (kind = 'containment' OR kind = 'revocation'),
    month  TEXT NOT NULL,
    units  INTEGER NOT NULL,
    PRIMARY KEY (tenant, kind, month)
) STRICT;
)sql";

}  // namespace quell::store
