// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/revocation.hpp"

namespace quell::identity {

RevocationClock::Guard RevocationClock::begin() {
    under_way_.fetch_add(1);
    // Counted as ended before it stops being under way, so that no reader sees neither.
    return Guard(this, [](void* self) {
        auto* clock = static_cast<RevocationClock*>(self);
        clock->ended_.fetch_add(1);
        clock->under_way_.fetch_sub(1);
    });
}

// Read in this order: a revocation that begins and ends in between changes `ended_` after it was read.
std::uint64_t RevocationClock::mark() const {
    const std::uint64_t ended = ended_.load();
    return under_way_.load() == 0 ? ended : kNone;
}

}  // namespace quell::identity
