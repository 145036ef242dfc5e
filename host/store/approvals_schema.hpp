// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

namespace quell::store {

// What people are asked for (approvals/service.hpp), a part of schema version 2. Times are Unix milliseconds. A row is one
// request and, once it is approved, the grant; of the access token only the SHA-256 is kept. One open request for one wish:
// who asks again gets the first one. expires_at ends the waiting, and then the grant.
inline constexpr std::string_view kApprovalsSchema = R"sql(
CREATE TABLE approvals (
    id               TEXT PRIMARY KEY,
    tenant           TEXT NOT NULL,
    kind             TEXT NOT NULL,
    resource         TEXT NOT NULL,
    operation        TEXT NOT NULL,
    arguments_digest BLOB NOT NULL CHECK (length(arguments_digest) = 32),
    requester        TEXT NOT NULL,
    requester_label  TEXT NOT NULL,
    requested_by     TEXT NOT NULL,
    reason           TEXT NOT NULL,
    approvers        TEXT NOT NULL,
    single_use       INTEGER NOT NULL,
    status           TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'denied', 'expired')),
    requested_at     INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    decided_by       TEXT,
    decided_label    TEXT,
    decided_at       INTEGER,
    decision_reason  TEXT,
    used_at          INTEGER,
    token_hash       BLOB CHECK (length(token_hash) = 32)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX approvals_open ON approvals
    (tenant, requester, kind, resource, operation, arguments_digest) WHERE status = 'pending';
CREATE INDEX approvals_granted ON approvals
    (tenant, requester, kind, resource, operation, arguments_digest, expires_at) WHERE status = 'approved';
CREATE INDEX approvals_denied ON approvals
    (tenant, requester, kind, resource, operation, arguments_digest, expires_at) WHERE status = 'denied';
CREATE INDEX approvals_by_time ON approvals (tenant, requested_at, id);
CREATE INDEX approvals_waiting ON approvals (expires_at) WHERE status = 'pending';
CREATE UNIQUE INDEX approvals_by_token ON approvals (token_hash) WHERE token_hash IS NOT NULL;
)sql";

}  // namespace quell::store
