// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <memory>
#include <mutex>

#include "orders/actor.hpp"

namespace quell::orders {

// Who acts for each kind of order now. A reload of the settings replaces them: every step of settling asks anew and
// holds the actor it got until the step is over. Any thread.
class Actors {
  public:
    void set(Kind kind, std::shared_ptr<Actor> actor) {
        const std::lock_guard lock(mutex_);
        actors_.at(static_cast<std::size_t>(kind)).swap(actor);
    }
    // Null until there is one.
    std::shared_ptr<Actor> of(Kind kind) const {
        const std::lock_guard lock(mutex_);
        return actors_.at(static_cast<std::size_t>(kind));
    }

  private:
    mutable std::mutex mutex_;
    std::array<std::shared_ptr<Actor>, 2> actors_;
};

}  // namespace quell::orders
