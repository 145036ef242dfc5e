// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <vector>

#include "audit/trail.hpp"
#include "orders/actor.hpp"
#include "orders/order.hpp"
#include "orders/timing.hpp"
#include "store/dry_runs.hpp"
#include "store/orders.hpp"
#include "store/store.hpp"

namespace quell::orders {

// The one writer of orders. Each change of a target's state is one transaction together with its audit record: without
// audit nothing changes, and what does not change is not done. Any thread.
class Ledger {
  public:
    Ledger(store::Store& store, audit::Trail& trail, const Timing& timing);

    struct Placed {
        RequestId id;
        bool is_new = true;  // false: an earlier order with the same key and arguments
        Order order;         // with positions, joins and immediate confirmations; of a new one
    };
    // Writes the order as intent, durably. Refusals: idempotency_conflict, conflicting_request, store_unavailable,
    // audit_unavailable; then nothing was written.
    base::Task<Placed> place(Order order);
    // A dry run without a key: queued, not durable before the answer. `integrations` is the answered text.
    Result<void> keep_dry_run(Order order, std::string integrations);
    base::Task<void> store_queued();  // returns when all that is queued now is stored

    // For worker threads: blocks until it is durable that the batch's targets may have reached the provider.
    Result<void> mark_sent(const Batch& batch, WallTime at);
    // Writes the batch's targets as they are now; returns the requests that this made final.
    base::Task<std::vector<store::RequestName>> record(Batch batch);

    Result<std::optional<store::KeyedRequest>> find_keyed(const Order& order);
    // request_not_found for an unknown id, another tenant's and one of the other kind alike (TN-01).
    Result<Order> find(const TenantId& tenant, Kind kind, const RequestId& id);
    Result<std::vector<Order>> list(const TenantId& tenant, Kind kind, const RequestId& before, std::int64_t limit);
    Result<bool> is_final(const TenantId& tenant, const RequestId& id);
    Result<std::vector<Order>> pending();

  private:
    store::Store& store_;
    audit::Trail& trail_;
    const Timing& timing_;
    const std::shared_ptr<store::DryRuns> dry_runs_;  // the writer thread's own
};

}  // namespace quell::orders
