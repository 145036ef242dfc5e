// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/call.hpp"

#include <condition_variable>

#include "base/clock.hpp"

namespace quell::plugins {
namespace {

std::int64_t to_unix_ms(Deadline deadline) {
    const auto left = std::chrono::duration_cast<Millis>(deadline - std::chrono::steady_clock::now());
    return unix_millis(wall_now()) + left.count();
}

}  // namespace

Call::Call(CallSetup setup)
    : instance(setup.instance),
      capability(setup.capability),
      method(setup.method),
      request(std::move(setup.request)),
      options(std::move(setup.options)),
      deadline_unix_ms(to_unix_ms(options.deadline)) {}

bool Call::sleep(std::chrono::milliseconds duration) const {
    const auto now = std::chrono::steady_clock::now();
    const auto until = duration < options.deadline - now ? now + duration : options.deadline;
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_until(lock, stop_.get_token(), until, [] { return false; });
    return !stop_.stop_requested();
}

void Call::conclude(Outcome outcome) {
    const std::lock_guard lock(mutex_);
    if (outcome_) {
        outcome_->second = true;
        return;
    }
    outcome_ = std::move(outcome);
}

Outcome Call::take_outcome() {
    const std::lock_guard lock(mutex_);
    Outcome taken = outcome_ ? std::move(*outcome_) : Outcome{};
    outcome_.reset();
    return taken;
}

}  // namespace quell::plugins
