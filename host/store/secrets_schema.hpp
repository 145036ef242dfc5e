// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

namespace quell::store {

// Guarded secrets (secrets/service.hpp), a part of schema version 2. Values are sealed before they come here, each under the
// key that key_id names. access_log tells administrators who did what; the audit trail is what proves it. A wrapped value is
// sealed with the reference itself, of which only the SHA-256 is kept.
inline constexpr std::string_view kSecretsSchema = R"sql(
CREATE TABLE secret_rules (
    tenant     TEXT NOT NULL,
    shape      TEXT NOT NULL,
    document   TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, shape)
) STRICT, WITHOUT ROWID;

CREATE TABLE secrets (
    tenant     TEXT NOT NULL,
    uri        TEXT NOT NULL,
    version    INTEGER NOT NULL,
    newest     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, uri)
) STRICT, WITHOUT ROWID;

CREATE TABLE secret_versions (
    tenant     TEXT NOT NULL,
    uri        TEXT NOT NULL,
    version    INTEGER NOT NULL,
    sealed     TEXT NOT NULL,
    key_id     TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, uri, version),
    FOREIGN KEY (tenant, uri) REFERENCES secrets ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX secret_versions_by_key ON secret_versions (key_id);

CREATE TABLE secret_accesses (
    tenant TEXT NOT NULL,
    uri    TEXT NOT NULL,
    count  INTEGER NOT NULL,
    PRIMARY KEY (tenant, uri)
) STRICT, WITHOUT ROWID;

CREATE TABLE access_log (
    tenant      TEXT NOT NULL,
    at          INTEGER NOT NULL,
    id          TEXT NOT NULL,
    action      TEXT NOT NULL,
    resource    TEXT NOT NULL,
    operation   TEXT NOT NULL,
    actor       TEXT NOT NULL,
    label       TEXT NOT NULL,
    approval_id TEXT NOT NULL,
    success     INTEGER NOT NULL,
    outcome     TEXT NOT NULL,
    peer        TEXT NOT NULL,
    user_agent  TEXT NOT NULL,
    PRIMARY KEY (tenant, at, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE secret_alerts (
    tenant TEXT NOT NULL,
    name   TEXT NOT NULL,
    begins INTEGER NOT NULL,
    count  INTEGER NOT NULL,
    PRIMARY KEY (tenant, name, begins)
) STRICT, WITHOUT ROWID;

CREATE TABLE wrapped_values (
    hash        BLOB PRIMARY KEY CHECK (length(hash) = 32),
    tenant      TEXT NOT NULL,
    uri         TEXT NOT NULL,
    approval_id TEXT NOT NULL,
    sealed      TEXT NOT NULL,
    expires_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX wrapped_values_by_end ON wrapped_values (expires_at);
)sql";

}  // namespace quell::store
