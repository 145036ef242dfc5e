// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "store/statement.hpp"

namespace quell::store {

struct SecretLeaseRow {
    TenantId tenant;
    ConnectorKey connector;
    std::string lease_id;
    std::string actor;       // a principal's id
    WallTime expires_at{};   // it ends by itself then
    WallTime next_at{};      // when it is to be ended, or that is to be tried again
    std::int64_t tries = 0;  // that failed
};

Result<void> insert_secret_lease(Transaction& transaction, const SecretLeaseRow& row);
// Those whose time has come, the longest waiting first.
Result<std::vector<SecretLeaseRow>> list_due_secret_leases(Reader& reader, WallTime now, std::int64_t limit);
// The next time that one is due; none if there is none.
Result<std::optional<WallTime>> next_secret_lease(Reader& reader);
Result<void> postpone_secret_lease(Transaction& transaction, const SecretLeaseRow& row, WallTime next_at);
Result<void> delete_secret_lease(Transaction& transaction, const SecretLeaseRow& row);

}  // namespace quell::store
