// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "base/task.hpp"
#include "egress/observer.hpp"
#include "orders/order.hpp"

namespace quell::orders {

// Targets of one order at one connector that are acted on and polled together: at most the plugin's max_batch.
struct Batch {
    TenantId tenant;
    RequestId request;
    Kind kind = Kind::containment;
    std::string action;
    ConnectorKey connector;
    std::string principal;  // who ordered it, for the audit
    std::string reason;
    TraceContext trace{};
    WallTime created_at{};
    WallTime settle_until{};
    std::vector<Target> targets;

    // The same batch with those targets alone that are in `state`.
    Batch only(State state) const;
    bool has(State state) const;
};

// What a connector says about one target after apply or poll.
struct Report {
    std::string provider_id;
    State state = State::failed;  // accepted, confirmed or failed
    std::optional<bool> changed;
    std::optional<Outcome> outcome;
    std::optional<std::string> continuation;
    std::optional<Millis> poll_after;
    std::optional<Error> error;
    json::Object result_metadata;
};

// Reaches the provider on behalf of an order. The use cases implement it: containment and revocation. Called on the
// io_context of the settling tasks; outlives them. Failures of a whole call carry a key of INTERFACES.md 2.
class Actor {
  public:
    // Called by the host's HTTP service before the first acting request leaves, on a worker thread; a failure keeps
    // that request from leaving. May be called again for later requests.
    using BeforeActing = std::function<Result<void>()>;
    // Called by the same service after each request of the call, before the plugin learns of its end.
    using AfterRequest = std::function<void(const egress::RequestLine&)>;

    virtual ~Actor() = default;
    virtual std::size_t max_batch(const TenantId& tenant, const ConnectorKey& connector,
                                  std::string_view action) const = 0;
    // The action may be sent again once it is proven that it was not taken.
    virtual bool may_repeat(const Batch& batch) const = 0;
    // poll can tell what became of a target without a continuation.
    virtual bool can_read_back(const Batch& batch) const = 0;

    virtual base::Task<std::vector<Report>> apply(Batch batch, BeforeActing before, AfterRequest after,
                                                  std::stop_token cancel) = 0;
    // Read-only. Where a target has no continuation, its device is asked: "failed" with not_found is no trace.
    virtual base::Task<std::vector<Report>> poll(Batch batch, std::stop_token cancel) = 0;
    // After a restart: the target resolves to the same thing in the same state, and may still be acted on.
    // A transient failure is asked again.
    virtual base::Task<void> check_unchanged(Batch batch, std::stop_token cancel) = 0;
};

}  // namespace quell::orders
