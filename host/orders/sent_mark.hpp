// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <mutex>
#include <optional>

#include "orders/ledger.hpp"

namespace quell::orders {

// Between a call of a plugin and the first acting request in it: makes `sent` durable before that request leaves, once
// for all of them. before_acting() runs on worker threads and blocks; close() ends the call's right to act and never
// blocks. Shared by the call and the task that waits for it.
class SentMark {
  public:
    SentMark(Ledger& ledger, const Timing& timing, Batch batch)
        : ledger_(ledger), timing_(timing), batch_(std::move(batch)) {}

    // Refuses (cancelled) after close(), so that a call that was given up cannot act any more.
    Result<void> before_acting();
    // When the batch was marked, if a request may have left.
    std::optional<WallTime> close();

  private:
    enum class Phase { unsent, marking, sent, closed };

    Ledger& ledger_;
    const Timing& timing_;
    const Batch batch_;
    std::mutex writing_;  // held while the store writes: later requests wait for the first
    std::mutex mutex_;    // guards phase_ and at_, never held for long
    Phase phase_ = Phase::unsent;
    WallTime at_{};
};

}  // namespace quell::orders
