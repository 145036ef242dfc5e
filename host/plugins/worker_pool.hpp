// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "plugins/job.hpp"
#include "plugins/watchdog.hpp"

namespace quell::plugins {

// The bounded workers of one plugin (its bulkhead): threads are made as calls need them, up to the limit; a call that
// finds all busy waits in a bounded queue, in order. With `serial`, calls on one instance never overlap.
// A call past its deadline is cancelled at once, answered half a second later if the plugin has not come back, and
// given up two seconds after the deadline. Any thread.
class WorkerPool {
  public:
    struct Options {
        std::size_t workers = 4;
        std::size_t queue = 64;
        bool serial = false;
    };
    using Work = std::function<void(Job&)>;

    // `run` is for a worker and answers the job; `give_up` is for the watchdog. Both live as long as a job does.
    WorkerPool(Options options, Work run, Work give_up, Watchdog& watchdog);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    // The job is answered in any case: connector_unavailable at once if the queue is full or the pool has stopped.
    void submit(std::shared_ptr<Job> job);
    // The same, but true if an idle worker is to be woken for it, which the caller does soon: several calls that come
    // together need it only once.
    [[nodiscard]] bool add(std::shared_ptr<Job> job);
    void wake();
    // Cancels and answers everything, waits a moment for the workers and lets those go that do not come back.
    // True if all did.
    bool stop();

  private:
    struct State;
    const std::shared_ptr<State> state_;  // shared with the threads, which may outlive the pool
    Watchdog& watchdog_;
};

}  // namespace quell::plugins
