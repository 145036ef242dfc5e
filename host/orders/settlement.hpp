// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "orders/actors.hpp"
#include "orders/ledger.hpp"
#include "orders/task_group.hpp"
#include "orders/waiters.hpp"

namespace quell::orders {

// What settling needs; all outlive the tasks.
struct Settling {
    Ledger& ledger;
    Waiters& waiters;
    TaskGroup& tasks;
    const Timing& timing;
    const Actors& actors;
};

// Takes the targets of a batch from intent, or from where an earlier process left them, to a final state. The state
// machine stands at the top of settlement.cpp. One task of the group; ends early, with everything it knows in the
// store, when the group stops.
base::Task<void> settle_new(Settling settling, Batch batch);
base::Task<void> settle_after_restart(Settling settling, Batch batch);

}  // namespace quell::orders
