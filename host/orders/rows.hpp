// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <vector>

#include "orders/order.hpp"
#include "store/dry_runs.hpp"
#include "store/orders.hpp"

// Between an order and its rows in the store.
namespace quell::orders {

store::RequestRow to_row(const Order& order);
store::TargetRow to_row(const TenantId& tenant, const RequestId& request, const ConnectorKey& connector,
                        std::string_view action, const Target& target);

// data_loss if a row holds what this version never writes.
Result<Order> to_order(const store::RequestRow& row, const std::vector<store::TargetRow>& targets);
Result<Order> to_order(const store::DryRunRow& row);
Result<Target> to_target(const store::TargetRow& row);

}  // namespace quell::orders
