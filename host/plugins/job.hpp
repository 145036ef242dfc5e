// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>

#include "json/value.hpp"
#include "plugins/call.hpp"
#include "plugins/methods.hpp"

namespace quell::plugins {

// One call on its way: queued, run by a worker, answered exactly once - by the worker, by the watchdog at the
// deadline, or when the caller goes away. Whoever comes first answers; the worker may still be busy afterwards.
class Job : public std::enable_shared_from_this<Job> {
  public:
    Job(CallSetup setup, const Method& known, std::shared_ptr<void> plugin)
        : call(std::move(setup)), method(known), plugin_(std::move(plugin)) {}
    virtual ~Job() = default;
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    Call call;
    const std::chrono::steady_clock::time_point made_at = std::chrono::steady_clock::now();
    const Method& method;

    // How far the watchdog has gone with it; guarded by the pool.
    enum class Stage { in_time, cancelled, answered, given_up };
    Stage stage = Stage::in_time;

    bool is_answered() const { return answered_.load(std::memory_order_acquire); }
    void answer(Result<json::Value> result);
    // From here on the caller's stop request cancels the call and answers it.
    void follow(const std::stop_token& caller);

  protected:
    // On the thread that answers; the value may lie in an arena of that thread's and is gone afterwards.
    virtual void deliver(Result<json::Value> result) = 0;

  private:
    // Weak: a job that is just being destroyed is past answering.
    struct OnStop {
        std::weak_ptr<Job> job;
        void operator()() const;
    };
    const std::shared_ptr<void> plugin_;  // lives until the last worker has let go
    std::atomic<bool> answered_ = false;
    std::optional<std::stop_callback<OnStop>> on_stop_;
};

}  // namespace quell::plugins
