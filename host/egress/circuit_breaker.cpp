// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/circuit_breaker.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace quell::egress {

Result<void> CircuitBreaker::check() const {
    const std::lock_guard lock(mutex_);
    return refuses() ? Result<void>(refusal()) : Result<void>();
}

Result<void> CircuitBreaker::enter() {
    const std::lock_guard lock(mutex_);
    if (refuses()) {
        return refusal();
    }
    probing_ = failures_ >= kFailures;
    return {};
}

Error CircuitBreaker::refusal() const {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(std::max(remaining(), Millis(1))).count();
    return Error(Code::unavailable, "connector_unavailable",
                 fmt::format("The provider failed {} times in a row and is left alone for {} s.", failures_, seconds))
        .retryable(seconds);
}

void CircuitBreaker::succeeded() {
    const std::lock_guard lock(mutex_);
    failures_ = 0;
    probing_ = false;
}

void CircuitBreaker::failed() {
    const std::lock_guard lock(mutex_);
    probing_ = false;
    failures_ = std::min(failures_ + 1, kFailures);
    if (failures_ == kFailures) {
        open_until_ = now_() + kOpenFor;
    }
}

void CircuitBreaker::undecided() {
    const std::lock_guard lock(mutex_);
    probing_ = false;
}

CircuitBreaker::State CircuitBreaker::state() const {
    const std::lock_guard lock(mutex_);
    if (failures_ < kFailures) {
        return State::closed;
    }
    return probing_ || remaining() <= Millis(0) ? State::half_open : State::open;
}

Millis CircuitBreaker::remaining() const { return std::chrono::ceil<Millis>(open_until_ - now_()); }

}  // namespace quell::egress
