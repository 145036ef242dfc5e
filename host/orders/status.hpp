// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "orders/order.hpp"

namespace quell::orders {

// Of a whole request or of one integration.
enum class Status { resolved, pending, completed, partial, unknown, failed };
std::string_view to_string(Status status);

// Counts targets by state and says the status that INTERFACES.md 1 gives them.
class StatusRule {
  public:
    void add(State state);
    void add(const Integration& integration);  // one that has an error and no targets counts as one failed target
    Status status() const;

  private:
    int resolved_ = 0;
    int open_ = 0;
    int confirmed_ = 0;
    int unknown_ = 0;
    int failed_ = 0;
};

Status status_of(const Integration& integration);
Status status_of(const Order& order);

}  // namespace quell::orders
