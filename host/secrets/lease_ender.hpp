// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "audit/trail.hpp"
#include "plugins/registry.hpp"
#include "store/secret_leases.hpp"
#include "store/store.hpp"

namespace quell::secrets {

// The present connectors, held while they are used.
using PresentRegistry = std::function<std::shared_ptr<plugins::Registry>()>;

// Ends leases at their backends when the grant that they were made for ends: durable from before the value was handed out,
// tried again until the backend has done it or the lease has ended by itself, also after a restart. Each end is in the
// audit trail. Its own thread, since it waits for plugins. What it refers to outlives it.
class LeaseEnder {
  public:
    LeaseEnder(store::Store& store, audit::Trail& trail, PresentRegistry registry)
        : store_(store), trail_(trail), registry_(std::move(registry)) {}
    ~LeaseEnder() { stop(); }

    void start();
    void stop();
    // Keeps the lease before its value is handed out; it is ended at `until`, or when it ends by itself.
    Result<void> keep_and_wait(store::SecretLeaseRow lease);
    base::Task<void> keep(store::SecretLeaseRow lease);
    // One round: those whose time has come are ended, or tried again later. What the thread does; blocks.
    void end_due(const std::stop_token& stopping = {});

  private:
    void run(const std::stop_token& stopping);
    Result<void> end_at_backend(const store::SecretLeaseRow& lease, const std::stop_token& stopping);
    void settle(const store::SecretLeaseRow& lease, const Result<void>& ended);
    void look_soon();

    store::Store& store_;
    audit::Trail& trail_;
    const PresentRegistry registry_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    bool look_ = false;  // guarded by mutex_
    std::jthread thread_;
};

}  // namespace quell::secrets
