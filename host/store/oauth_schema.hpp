// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

namespace quell::store {

// Users, clients and what they hold (INTERFACES.md 5), a part of schema version 1. Tenants live in the settings alone.
// Times are Unix milliseconds, scopes are the bits of identity::ScopeSet, tokens and codes are kept as SHA-256 only.
// A client that goes takes its codes, families and tokens along in the same statement (V25).
inline constexpr std::string_view kOAuthSchema = R"sql(
CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
    created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE memberships (
    user_id    TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    tenant     TEXT NOT NULL,
    role       TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'analyst', 'viewer')),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, tenant)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_by_tenant ON memberships (tenant);

-- created_by is a principal's id and stays when that user goes. tenant is empty for a client of no tenant: its people
-- meet it by consent. A client has a secret, or public keys (a JSON Web Key Set), or is public.
CREATE TABLE clients (
    id            TEXT PRIMARY KEY,
    tenant        TEXT NOT NULL,
    kind          TEXT NOT NULL CHECK (kind IN ('static', 'dynamic', 'metadata', 'shared')),
    name          TEXT NOT NULL,
    secret_hash   BLOB CHECK (length(secret_hash) = 32),
    redirect_uris TEXT NOT NULL,
    grant_types   TEXT NOT NULL,
    scopes        INTEGER NOT NULL,
    created_by    TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    last_used_at  INTEGER,
    jwks          TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX clients_by_tenant ON clients (tenant, created_at);
CREATE INDEX clients_never_used ON clients (created_at) WHERE last_used_at IS NULL;

-- RFC 7591 3: whoever has one may register clients.
CREATE TABLE initial_access_tokens (
    id         TEXT PRIMARY KEY,
    hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    name       TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE consents (
    user_id    TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    client_id  TEXT NOT NULL REFERENCES clients ON DELETE CASCADE,
    tenant     TEXT NOT NULL,
    scopes     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, client_id, tenant)
) STRICT, WITHOUT ROWID;
CREATE INDEX consents_by_client ON consents (client_id);

CREATE TABLE login_sessions (
    hash        BLOB PRIMARY KEY CHECK (length(hash) = 32),
    user_id     TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    csrf_secret TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX login_sessions_by_user ON login_sessions (user_id);

-- used_at and family_id are set by the one redemption; a second one finds there what it has to kill.
CREATE TABLE authorization_codes (
    hash           BLOB PRIMARY KEY CHECK (length(hash) = 32),
    client_id      TEXT NOT NULL REFERENCES clients ON DELETE CASCADE,
    user_id        TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    tenant         TEXT NOT NULL,
    redirect_uri   TEXT NOT NULL,
    scopes         INTEGER NOT NULL,
    code_challenge TEXT NOT NULL,
    resource       TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    used_at        INTEGER,
    family_id      TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX authorization_codes_by_client ON authorization_codes (client_id);
CREATE INDEX authorization_codes_by_user ON authorization_codes (user_id);

-- What one consent gave: all tokens that descend from one code.
CREATE TABLE token_families (
    id         TEXT PRIMARY KEY,
    client_id  TEXT NOT NULL REFERENCES clients ON DELETE CASCADE,
    user_id    TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    tenant     TEXT NOT NULL,
    scopes     INTEGER NOT NULL,
    resource   TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX token_families_by_client ON token_families (client_id);
CREATE INDEX token_families_by_user ON token_families (user_id);
CREATE INDEX token_families_by_expiry ON token_families (expires_at);

-- family_id and user_id are null for client_credentials. They carry no foreign key, which would cost an index
-- each on the hottest insert: a check joins both tables and takes a missing row for a dead token.
CREATE TABLE access_tokens (
    hash       BLOB PRIMARY KEY CHECK (length(hash) = 32),
    client_id  TEXT NOT NULL REFERENCES clients ON DELETE CASCADE,
    family_id  TEXT,
    user_id    TEXT,
    tenant     TEXT NOT NULL,
    scopes     INTEGER NOT NULL,
    audience   TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX access_tokens_by_client ON access_tokens (client_id, expires_at);

CREATE TABLE refresh_tokens (
    hash       BLOB PRIMARY KEY CHECK (length(hash) = 32),
    family_id  TEXT NOT NULL REFERENCES token_families ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family_id);

-- Static keys of users (E15 to E20). networks is a list of address ranges, empty for anywhere.
CREATE TABLE api_keys (
    id           TEXT PRIMARY KEY,
    hash         BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    user_id      TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    tenant       TEXT NOT NULL,
    name         TEXT NOT NULL,
    scopes       INTEGER NOT NULL,
    networks     TEXT NOT NULL,
    created_by   TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    last_used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX api_keys_by_user ON api_keys (user_id);
CREATE INDEX api_keys_by_tenant ON api_keys (tenant, created_at);

-- What a signed assertion was used for once (RFC 7523 3, item 7); kept until it would have expired by itself.
CREATE TABLE used_assertions (
    client_id  TEXT NOT NULL,
    jti_hash   BLOB NOT NULL CHECK (length(jti_hash) = 32),
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (client_id, jti_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX used_assertions_by_expiry ON used_assertions (expires_at);
)sql";

}  // namespace quell::store
