// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <stop_token>
#include <vector>

#include "orders/actors.hpp"
#include "orders/ledger.hpp"
#include "orders/settlement.hpp"
#include "orders/task_group.hpp"
#include "orders/waiters.hpp"

namespace quell::orders {

// The durable orders of both use cases: placed once, settled behind their callers, found again by id.
// Owned by app; built after the store and the trail, stopped before them. start() comes first; the rest is for any thread, and Tasks for any io_context. Settling runs on the executor's io_context.
// Nothing is sent to a provider before the order is durable together with its audit record.
class Orders {
  public:
    Orders(store::Store& store, audit::Trail& trail, TaskGroup::Executor executor, Timing timing = {});

    // Before start(); again, at any time, to replace the actor.
    void serve(Kind kind, std::shared_ptr<Actor> actor);
    // Takes up what an earlier process left open (DU-02). The actors must be able to reach their connectors.
    Result<void> start();
    // Ends settling with everything known in the store, and every wait. The io_contexts have to be running.
    void stop();

    // A dry run without a key: stored and audited, queued. `integrations` is the answered array as text.
    Result<void> keep_dry_run(Order order, std::string integrations);
    // Commits the order, or finds the earlier one with the same key, and waits until it is final or `wait` is over.
    // From the commit on the order goes its way, whatever becomes of the caller.
    base::Task<Order> place(Order order, Millis wait, std::stop_token stop);
    // The order that a principal gave with this key; idempotency_conflict if its arguments differ.
    Result<std::optional<RequestId>> find_keyed(const Order& order);
    base::Task<Order> wait(TenantId tenant, Kind kind, RequestId id, Millis wait, std::stop_token stop);

    Result<Order> find(const TenantId& tenant, Kind kind, const RequestId& id);
    // The same for a caller who was just given the id: an unknown one is asked for again once all that is queued now
    // is stored, so a dry run is found as soon as it is answered.
    base::Task<Order> find_queued(TenantId tenant, Kind kind, RequestId id);
    // Newest first, those before `before` unless it is empty; at most 200.
    Result<std::vector<Order>> list(const TenantId& tenant, Kind kind, const RequestId& before, std::int64_t limit);

    // Writes down that nothing was ordered, and why (queued).
    void note_refusal(const Order& order, const Error& error);

    const Timing& timing() const { return timing_; }

  private:
    using Settle = base::Task<void> (*)(Settling, Batch);
    void settle(const Order& order, Settle how);
    void settle(Batch batch, Settle how);

    const Timing timing_;
    audit::Trail& trail_;
    Ledger ledger_;
    Waiters waiters_;
    TaskGroup tasks_;
    Actors actors_;
};

// SHA-256 over the canonical arguments, all but the key: what the same order means (idempotency).
std::string arguments_digest(const Order& order);

}  // namespace quell::orders
