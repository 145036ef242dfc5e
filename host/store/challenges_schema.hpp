// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

namespace quell::store {

// The table of challenges (INTERFACES.md 7), a part of schema version 2. Times are Unix milliseconds.
inline constexpr std::string_view kChallengesSchema = R"sql(
-- One row a challenge. `ended_at` is there in the four final states and never changes again. `outcome` is a JSON object.
-- A standard challenge has `token_hash`, the digest of the token in its verification URL; one that a connector delivers
-- has `channel` (the connector's key), `delivery` and, once it is sent, `message` and `recipient` by that connector's
-- words. `card_due_at`: when the message is to be brought to the present state, if it is.
CREATE TABLE challenges (
    challenge_id      TEXT NOT NULL PRIMARY KEY,
    tenant            TEXT NOT NULL,
    principal         TEXT NOT NULL,
    principal_label   TEXT NOT NULL,
    client            TEXT NOT NULL,
    entry             TEXT NOT NULL CHECK (entry = 'mcp' OR entry = 'cli' OR entry = 'rest' OR entry = 'channel'),
    integration_type  TEXT NOT NULL CHECK (integration_type = 'webhook' OR integration_type = 'slack'),
    target_user_id    TEXT,
    target_user_email TEXT,
    context           TEXT,
    callback_url      TEXT,
    requester_id      TEXT NOT NULL,
    requester_email   TEXT,
    slack_user_id     TEXT,
    idempotency_key   TEXT,
    arguments_digest  TEXT,
    created_at        INTEGER NOT NULL,
    expires_at        INTEGER NOT NULL,
    state             TEXT NOT NULL CHECK (state = 'initiated' OR state = 'in_progress' OR state = 'verified' OR
                          state = 'failed' OR state = 'expired' OR state = 'incident_reported'),
    ended_at          INTEGER,
    outcome           TEXT,
    token_hash        BLOB,
    match_number      TEXT,
    channel           TEXT,
    delivery          TEXT CHECK (delivery = 'pending' OR delivery = 'sent' OR delivery = 'unknown' OR
                          delivery = 'failed'),
    message           TEXT,
    recipient         TEXT,
    card_due_at       INTEGER,
    card_attempts     INTEGER NOT NULL DEFAULT 0,
    CHECK (target_user_id IS NOT NULL OR target_user_email IS NOT NULL),
    CHECK ((ended_at IS NULL) = (state = 'initiated' OR state = 'in_progress'))
) STRICT;

CREATE INDEX challenges_by_tenant ON challenges (tenant, challenge_id);
CREATE UNIQUE INDEX challenges_by_idempotency_key ON challenges (tenant, principal, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX challenges_by_token ON challenges (token_hash) WHERE token_hash IS NOT NULL;
CREATE INDEX challenges_open ON challenges (expires_at) WHERE ended_at IS NULL;
CREATE INDEX challenges_by_email ON challenges (tenant, target_user_email, created_at)
    WHERE target_user_email IS NOT NULL;
CREATE INDEX challenges_by_user_id ON challenges (tenant, target_user_id, created_at) WHERE target_user_id IS NOT NULL;
CREATE INDEX challenges_sending ON challenges (delivery) WHERE delivery = 'pending';
CREATE INDEX challenges_cards_due ON challenges (card_due_at) WHERE card_due_at IS NOT NULL;
)sql";

}  // namespace quell::store
