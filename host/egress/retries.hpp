// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <optional>
#include <stop_token>

#include "egress/http_message.hpp"
#include "egress/token_cache.hpp"

namespace quell::egress {

// Which exchanges are tried again, and when (PF-01, PF-02). A lost answer or a status 500, 502, 503 or 504 only where
// the request may arrive twice; an error before anything was sent, and a 429 (which says that nothing was done), for
// every request. The provider's own wait is obeyed if it ends before the deadline; without one the waits begin at
// 200 ms and double. Both are jittered, so that callers who failed together do not come back together.
class Retries {
  public:
    static constexpr int kMostTries = 4;

    // What tests replace.
    struct Timing {
        SteadyClock now = [] { return std::chrono::steady_clock::now(); };
        std::function<WallTime()> wall_now = quell::wall_now;
        std::function<double()> random = uniform;                          // in [0, 1)
        std::function<bool(Millis, const std::stop_token&)> sleep = pause;  // false: cancelled

        static double uniform();
        static bool pause(Millis time, const std::stop_token& cancel);
    };

    explicit Retries(Timing timing) : timing_(std::move(timing)) {}

    // The wait after try number `tries`, counted from 1; nothing if the result is final.
    std::optional<Millis> wait_after(const HttpResult& result, bool may_repeat, int tries, SteadyTime deadline) const;
    bool sleep(Millis time, const std::stop_token& cancel) const { return timing_.sleep(time, cancel); }
    WallTime wall_now() const { return timing_.wall_now(); }

  private:
    std::optional<Millis> asked_wait(const HttpResult& result) const;
    Millis jittered(std::optional<Millis> asked, int tries) const;

    const Timing timing_;
};

}  // namespace quell::egress
