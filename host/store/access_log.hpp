// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "store/statement.hpp"

namespace quell::store {

// Who did what with a guarded resource (A09).
struct AccessRow {
    std::string id;  // log_...
    WallTime at{};
    std::string action;     // "resource_accessed"
    std::string resource;
    std::string operation;  // read, write, ...
    std::string actor;      // a principal's id
    std::string label;
    std::string approval_id;  // empty: there is none
    bool success = false;
    std::string outcome;      // "ok" or an error key
    std::string peer;
    std::string user_agent;
};

Result<void> insert_access(Transaction& transaction, const TenantId& tenant, const AccessRow& row);

struct AccessQuery {
    WallTime since{};
    std::string actor;      // empty members match all
    std::string operation;
    std::string before_id;  // a page's last row, with its time
    WallTime before = WallTime::max();
};
// Newest first, at most `limit`.
Result<std::vector<AccessRow>> list_accesses(Reader& reader, const TenantId& tenant, const AccessQuery& query, std::int64_t limit);

// One more access in an alert's window; how many there are. Windows of the alert that are older go.
Result<std::int64_t> count_for_alert(Transaction& transaction, const TenantId& tenant, std::string_view name, WallTime window);

}  // namespace quell::store
