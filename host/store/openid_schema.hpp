// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

namespace quell::store {

// Sign-in at the tenants' OpenID providers, a part of schema version 2.
inline constexpr std::string_view kOpenIdSchema = R"sql(
-- A session that a tenant's provider vouched for is good in that tenant alone; empty: in all of the user's.
ALTER TABLE login_sessions ADD COLUMN tenant TEXT NOT NULL DEFAULT '';

-- People on their way to a provider. The row goes when its answer comes, so that a state is good for one use.
-- purpose says what the answer is for, subject which path or challenge it goes on with.
CREATE TABLE openid_attempts (
    state_hash   BLOB PRIMARY KEY CHECK (length(state_hash) = 32),
    browser_hash BLOB NOT NULL CHECK (length(browser_hash) = 32),
    tenant       TEXT NOT NULL,
    issuer       TEXT NOT NULL,
    purpose      TEXT NOT NULL CHECK (purpose IN ('sign_in', 'proof')),
    subject      TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX openid_attempts_by_expiry ON openid_attempts (expires_at);

-- Members by the word of their tenant's provider: OpenID Connect Core 2, the pair of issuer and subject is the person.
CREATE TABLE openid_members (
    tenant     TEXT NOT NULL,
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, issuer, subject),
    FOREIGN KEY (user_id, tenant) REFERENCES memberships ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX openid_members_by_user ON openid_members (user_id, tenant);
)sql";

}  // namespace quell::store
