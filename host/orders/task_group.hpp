// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <condition_variable>
#include <mutex>
#include <set>
#include <stop_token>

#include "base/clock.hpp"
#include "base/task.hpp"

namespace quell::orders {

// The coroutines that settle orders behind their callers: all of them run on one io_context and end with stop().
// spawn, stopping and token: any thread. pause: inside a task of the group. stop: once, from a thread that does not
// run the io_context, which has to be running; it refuses new tasks, ends pauses and waits for the last task.
class TaskGroup {
  public:
    using Executor = boost::asio::io_context::executor_type;

    explicit TaskGroup(Executor executor) : executor_(std::move(executor)) {}
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;
    ~TaskGroup() = default;

    // False if the group is stopping: the task is dropped without having begun. A failure is logged.
    bool spawn(base::Task<void> task);
    // Sleeps. cancelled if the group stops meanwhile.
    base::Task<void> pause(Millis time);
    bool stopping() const { return stop_.stop_requested(); }
    std::stop_token token() const { return stop_.get_token(); }
    void stop();

  private:
    using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
    void finished();

    const Executor executor_;
    std::stop_source stop_;
    std::set<Timer*> pauses_;  // touched on the io_context only
    std::mutex mutex_;         // guards running_ and orders it against stop_
    std::condition_variable idle_;
    int running_ = 0;
};

}  // namespace quell::orders
