// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "orders/actor.hpp"

namespace quell::orders {

Batch Batch::only(State state) const {
    Batch part = *this;
    std::erase_if(part.targets, [state](const Target& target) { return target.state != state; });
    return part;
}

bool Batch::has(State state) const {
    return std::ranges::any_of(targets, [state](const Target& target) { return target.state == state; });
}

}  // namespace quell::orders
