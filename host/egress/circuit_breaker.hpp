// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <mutex>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "egress/token_cache.hpp"

namespace quell::egress {

// Keeps a connector from asking a provider that is down (PF-13). After kFailures exchanges in a row that ended
// without an answer or in a 5xx it refuses at once, for kOpenFor; then one exchange is let through to find out, and
// its end closes the breaker or keeps it open as long again. Any thread.
class CircuitBreaker {
  public:
    static constexpr int kFailures = 20;
    static constexpr Millis kOpenFor = std::chrono::seconds(10);

    enum class State { closed, open, half_open };

    explicit CircuitBreaker(SteadyClock now) : now_(std::move(now)) {}

    // Refuses as enter() does, without taking part: asked before an acting request is written down as sent.
    Result<void> check() const;
    // connector_unavailable with the time to come back while it is open; otherwise say how it ended, exactly once.
    Result<void> enter();
    void succeeded();
    void failed();
    void undecided();  // cancelled or never sent: says nothing about the provider

    State state() const;

  private:
    Millis remaining() const;
    bool refuses() const { return failures_ >= kFailures && (probing_ || remaining() > Millis(0)); }
    Error refusal() const;

    const SteadyClock now_;
    mutable std::mutex mutex_;
    int failures_ = 0;
    SteadyTime open_until_{};  // meaningful from kFailures on
    bool probing_ = false;
};

}  // namespace quell::egress
