// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "base/clock.hpp"

namespace quell::orders {

// The times of INTERFACES.md 1, in one place so that tests can shorten them and own the wall clock.
struct Timing {
    Millis first_poll = std::chrono::seconds(2);
    Millis last_poll = std::chrono::minutes(15);
    int hinted_polls = 5;                                // polls for which a plugin's poll_after_ms counts
    Millis shortest_hint{50};
    Millis settle_after = std::chrono::seconds(4);       // at least so long "no trace of it" is not believed
    Millis resume_within = std::chrono::minutes(15);     // age up to which an order may act after a restart
    Millis longest_wait = std::chrono::seconds(50);      // of a caller
    Millis store_retry = std::chrono::milliseconds(500);  // until an outcome could be written
    std::function<WallTime()> now = wall_now;
    // What lasts is measured with this one, so that a clock that is set ends no order early (DU-06).
    std::function<std::chrono::steady_clock::time_point()> steady = std::chrono::steady_clock::now;
};

// How long to wait before each poll: the plugin's hint for the first ones, else growing by half each time.
class PollSchedule {
  public:
    explicit PollSchedule(const Timing& timing) : timing_(&timing), pause_(timing.first_poll) {}
    Millis next(std::optional<Millis> hint);

  private:
    const Timing* timing_;
    Millis pause_;
    int polls_ = 0;
};

}  // namespace quell::orders
