// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>

#include "base/ids.hpp"
#include "store/statement.hpp"

namespace quell::store {

// What a user allowed a client in a tenant, so that the page need not ask again.
struct ConsentRow {
    UserId user;
    ClientId client;
    TenantId tenant;
    std::uint16_t scopes = 0;
    WallTime created_at{};
};

// Takes the place of an earlier one.
Result<void> save_consent(Transaction& transaction, const ConsentRow& row);
Result<std::optional<ConsentRow>> find_consent(Reader& reader, const UserId& user, const ClientId& client,
                                               const TenantId& tenant);

}  // namespace quell::store
