// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/watchdog.hpp"

namespace quell::plugins {
namespace {

constexpr auto kNever = Watchdog::TimePoint::max().time_since_epoch().count();

Watchdog::TimePoint to_time(Watchdog::TimePoint::rep count) {
    return Watchdog::TimePoint(Watchdog::TimePoint::duration(count));
}

}  // namespace

Watchdog::Watchdog() : next_(kNever), thread_([this] { work(); }) {}

Watchdog::~Watchdog() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void Watchdog::add(Check check) {
    const std::lock_guard lock(mutex_);
    checks_.push_back(std::move(check));
}

void Watchdog::wake_at(TimePoint time) {
    const auto wanted = time.time_since_epoch().count();
    if (next_.load() <= wanted) {
        return;
    }
    const std::lock_guard lock(mutex_);
    if (wanted < next_.load()) {
        next_.store(wanted);
        wake_.notify_all();
    }
}

void Watchdog::work() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        const auto next = next_.load();
        if (next == kNever) {
            wake_.wait(lock);
            continue;
        }
        if (std::chrono::steady_clock::now() < to_time(next)) {
            wake_.wait_until(lock, to_time(next));
            continue;
        }
        // Reset before the checks look: a call that begins meanwhile then asks for its own time.
        next_.store(kNever);
        const std::vector<Check> checks = checks_;
        lock.unlock();
        auto earliest = to_time(kNever);
        for (const Check& check : checks) {
            earliest = std::min(earliest, check(std::chrono::steady_clock::now()));
        }
        lock.lock();
        next_.store(std::min(next_.load(), earliest.time_since_epoch().count()));
    }
}

}  // namespace quell::plugins
