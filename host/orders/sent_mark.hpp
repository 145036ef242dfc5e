// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <mutex>
#include <optional>

#include "egress/observer.hpp"
#include "orders/ledger.hpp"
#include "orders/verdict.hpp"

namespace quell::orders {

// Between a call of a plugin and the first acting request in it: makes `sent` durable before that request leaves, once
// for all of them, and remembers how these requests ended. before_acting() and finished() run on worker threads,
// before_acting() blocks; close() ends the call's right to act and never blocks. Shared by the call and the task that
// waits for it.
class SentMark {
  public:
    SentMark(Ledger& ledger, const Timing& timing, Batch batch)
        : ledger_(ledger), timing_(timing), batch_(std::move(batch)) {}

    // Refuses (cancelled) after close(), so that a call that was given up cannot act any more.
    Result<void> before_acting();
    void finished(const egress::RequestLine& line);

    struct Sent {
        WallTime at;    // when the batch was marked
        Ending ending;  // of the requests until now
    };
    // If a request may have left.
    std::optional<Sent> close();

  private:
    enum class Phase { unsent, marking, sent, closed };

    Ledger& ledger_;
    const Timing& timing_;
    const Batch batch_;
    std::mutex writing_;  // held while the store writes: later requests wait for the first
    std::mutex mutex_;    // guards what follows, never held for long
    Phase phase_ = Phase::unsent;
    WallTime at_{};
    Ending ending_ = Ending::refused;
};

}  // namespace quell::orders
