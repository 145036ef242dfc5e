// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

namespace quell::store {

// Leases of secrets that a backend made for one reader (secrets/lease_ender.hpp), a part of schema version 2: each is there
// from before its value is handed out until the backend has ended it.
inline constexpr std::string_view kSecretLeasesSchema = R"sql(
CREATE TABLE secret_leases (
    tenant     TEXT NOT NULL,
    connector  TEXT NOT NULL,
    lease_id   TEXT NOT NULL,
    actor      TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    next_at    INTEGER NOT NULL,
    tries      INTEGER NOT NULL,
    PRIMARY KEY (tenant, connector, lease_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX secret_leases_by_next ON secret_leases (next_at);
)sql";

}  // namespace quell::store
