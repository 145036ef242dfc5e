// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "identity/lifetimes.hpp"
#include "orders/task_group.hpp"
#include "plugins/inbound_event.hpp"
#include "store/inbound_events.hpp"
#include "store/store.hpp"

namespace quell::inbound {

// Acts on events that providers told of. Each is kept before anybody acts on it, and acted on until that has worked or
// cannot: an error that may pass by itself is tried again for about an hour. Any thread; acting runs on one io_context.
// Owned by app; start() and stop() as for orders::TaskGroup.
class Dispatcher {
  public:
    // An error that is not retryable ends the event: whoever did it was told by `act`.
    using Act = std::function<base::Task<void>(store::InboundEventName name, plugins::InboundEvent event)>;

    Dispatcher(store::Store& store, Act act, orders::TaskGroup::Executor executor, identity::Now now = wall_now)
        : store_(store), act_(std::move(act)), now_(std::move(now)), tasks_(executor) {}

    // What an earlier process left is taken up.
    Result<void> start();
    void stop() { tasks_.stop(); }

    // Durable when this returns; what is new among them is then acted on. An event that is known is left alone.
    base::Task<void> keep(TenantId tenant, ConnectorKey connector, std::vector<plugins::InboundEventDocument> events);

    // For housekeeping: what was done more than a day ago, long after any replay would be refused. Returns how many.
    Result<std::int64_t> forget(store::Transaction& transaction, std::int64_t limit) const;

    // One round over what is due; for tests, and called every few seconds.
    base::Task<void> round();

  private:
    base::Task<void> run();
    base::Task<void> handle(store::InboundEventRow row);
    base::Task<void> settle(store::InboundEventRow row, Result<void> acted);

    store::Store& store_;
    const Act act_;
    const identity::Now now_;
    orders::TaskGroup tasks_;
};

}  // namespace quell::inbound
