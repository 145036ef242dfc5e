// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "base/clock.hpp"

namespace quell::notifications {

// When a delivery that failed is tried again: the steps that standard-webhooks recommends, some 28 hours in all.
class Schedule {
  public:
    explicit Schedule(std::vector<Millis> steps = usual_steps()) : steps_(std::move(steps)) {}

    // After that many attempts; none: it was the last. A receiver may ask for more time, up to the longest step.
    std::optional<Millis> wait_after(std::int64_t attempts, std::optional<Millis> asked) const;

  private:
    static std::vector<Millis> usual_steps();

    std::vector<Millis> steps_;
};

}  // namespace quell::notifications
