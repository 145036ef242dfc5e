// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "orders/sent_mark.hpp"

#include <algorithm>

namespace quell::orders {

Result<void> SentMark::before_acting() {
    const std::lock_guard one_at_a_time(writing_);
    {
        const std::lock_guard lock(mutex_);
        if (phase_ == Phase::sent) {
            return {};
        }
        if (phase_ == Phase::closed) {
            return Error(Code::cancelled, "deadline_exceeded", "The call was given up before anything was sent.");
        }
        phase_ = Phase::marking;
        at_ = timing_.now();
    }
    auto marked = ledger_.mark_sent(batch_, at_);
    const std::lock_guard lock(mutex_);
    if (phase_ == Phase::closed && marked) {
        // close() has already said that something may have left, so the read-back will look; now nothing does.
        return Error(Code::cancelled, "deadline_exceeded", "The call was given up before anything was sent.");
    }
    phase_ = phase_ == Phase::closed ? Phase::closed : marked ? Phase::sent : Phase::unsent;
    return marked;
}

void SentMark::finished(const egress::RequestLine& line) {
    if (line.kind != egress::RequestKind::acting || !line.sent_to_provider) {
        return;
    }
    const std::lock_guard lock(mutex_);
    ending_ = std::max(ending_, ending_of(line.status));
}

std::optional<SentMark::Sent> SentMark::close() {
    const std::lock_guard lock(mutex_);
    const bool may_have_left = phase_ == Phase::marking || phase_ == Phase::sent;
    phase_ = Phase::closed;
    return may_have_left ? std::optional(Sent{at_, ending_}) : std::nullopt;
}

}  // namespace quell::orders
