// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <string>

#include "audit/trail.hpp"
#include "challenges/outcome.hpp"
#include "metrics/registry.hpp"
#include "store/challenges.hpp"

namespace quell::challenges {

// What is told to a callback_url: one challenge that has ended.
struct Callback {
    TenantId tenant;
    ChallengeId id;
    std::string event;  // "challenge.verified"
    std::string url;
    std::string body;  // {"type": EVENT, "timestamp": ..., "data": RECORD}
};

// Queues it in the caller's transaction, so that the end of a challenge and its message are kept or undone together.
using SendCallback = std::function<Result<void>(store::Transaction&, const Callback&)>;

// The one place where challenges end: state, audit record and callback in one transaction, exactly once, whoever comes
// first. Owned by app, for all tenants and deployments; any thread.
class Endings {
  public:
    Endings(audit::Trail& trail, metrics::Registry& metrics, SendCallback send)
        : trail_(trail), metrics_(metrics), send_(std::move(send)) {}

    // False, and nothing happens, if it has ended already. `at` is now.
    Result<bool> end(store::Transaction& transaction, const store::ChallengeRow& row, State state, const Outcome& outcome,
                     WallTime at);
    // For the metrics, once the transaction is durable.
    void count_ended(const TenantId& tenant, State state);
    void count_created(const TenantId& tenant, std::string_view integration_type);

  private:
    Result<void> tell(store::Transaction& transaction, store::ChallengeRow ended, WallTime at);

    audit::Trail& trail_;
    metrics::Registry& metrics_;
    const SendCallback send_;
};

}  // namespace quell::challenges
