// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "orders/timing.hpp"

#include <algorithm>

namespace quell::orders {

Millis PollSchedule::next(std::optional<Millis> hint) {
    ++polls_;
    if (hint && polls_ <= timing_->hinted_polls) {
        return std::clamp(*hint, timing_->shortest_hint, timing_->last_poll);
    }
    const Millis pause = pause_;
    pause_ = std::min(pause_ * 3 / 2, timing_->last_poll);
    return pause;
}

}  // namespace quell::orders
