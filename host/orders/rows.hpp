// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <vector>

#include "orders/order.hpp"
#include "store/orders.hpp"

// Between an order and its rows in the store.
namespace quell::orders {

// `integrations` is stored_integrations(order), or the text of integrations_text() where the caller has it.
// Takes the order's strings: move it in where it is not needed any more.
store::RequestRow to_row(Order order, std::string integrations);
// Complete for a dry run; without devices and accounts, which have rows of their own, for an order.
std::string stored_integrations(const Order& order);
store::TargetRow to_row(const TenantId& tenant, const RequestId& request, const ConnectorKey& connector,
                        std::string_view action, const Target& target);

// data_loss if a row holds what this version never writes.
Result<Order> to_order(const store::RequestRow& row, const std::vector<store::TargetRow>& targets);
Result<Target> to_target(const store::TargetRow& row);

}  // namespace quell::orders
