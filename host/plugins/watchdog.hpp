// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace quell::plugins {

// Looks after the deadlines of all plugins' calls with one thread. It wakes only when the earliest deadline that it
// was told of has come, so calls that end in time cost it one atomic comparison each. Any thread.
class Watchdog {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;
    // Acts on what is due and returns when it wants to be asked again.
    using Check = std::function<TimePoint(TimePoint now)>;

    Watchdog();
    ~Watchdog();
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

    // Checks are added before the first call and called on the watchdog's thread until it is destroyed.
    void add(Check check);
    // Makes sure that the checks run at `time` or earlier.
    void wake_at(TimePoint time);

  private:
    void work();

    std::atomic<TimePoint::rep> next_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Check> checks_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace quell::plugins
