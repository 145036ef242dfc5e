// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

namespace quell::store {

// The tables of the audit trail (audit/trail.hpp), a part of schema version 1. `chain` is the tenant, empty for the
// host's own chain. Nothing refers to other tables: the trail outlives what it tells of. `audit` has a row id and an
// index beside it, since rows of this size fill the inner pages of a table without one.
inline constexpr std::string_view kAuditSchema = R"sql(
CREATE TABLE audit (
    chain      TEXT NOT NULL,
    seq        INTEGER NOT NULL CHECK (seq > 0),
    at         INTEGER NOT NULL,
    event      TEXT NOT NULL,
    actor      TEXT NOT NULL,
    request_id TEXT NOT NULL,
    outcome    TEXT NOT NULL,
    detail     TEXT NOT NULL,
    prev_hash  BLOB NOT NULL CHECK (length(prev_hash) = 32),
    hash       BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (chain, seq)
) STRICT;

CREATE TABLE audit_heads (
    chain  TEXT PRIMARY KEY,
    seq    INTEGER NOT NULL CHECK (seq > 0),
    hash   BLOB NOT NULL CHECK (length(hash) = 32),
    anchor BLOB NOT NULL CHECK (length(anchor) = 32)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace quell::store
