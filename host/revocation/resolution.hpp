// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <stop_token>
#include <vector>

#include "orders/order.hpp"
#include "revocation/account_connectors.hpp"

namespace quell::revocation {

// What one connector answered: its account, or why there is none.
struct Found {
    ConnectorKey connector;
    std::vector<orders::Target> targets;
    std::optional<Error> error;
};

// Asks the connectors side by side, reading only. Refuses the whole call with user_ambiguous and the candidates if any
// of them has more than one such account; fails with their errors if none has one. All references outlive the task.
base::Task<std::vector<Found>> resolve_accounts(AccountConnectors& connectors, const TenantId& tenant,
                                                std::vector<ConnectorKey> keys, const std::string& username,
                                                plugins::CallOptions options);

}  // namespace quell::revocation
