// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <memory>

#include "challenges/channels.hpp"
#include "challenges/endings.hpp"
#include "identity/lifetimes.hpp"
#include "orders/task_group.hpp"
#include "store/store.hpp"

namespace quell::challenges {

// What happens to challenges without anybody asking: those whose time is over end, and messages in channels are brought
// to the end state. Everything it goes by is in the store, so a restart loses nothing. Runs on one io_context; owned by
// app; start() and stop() as for orders::TaskGroup.
class Upkeep {
  public:
    // The channels at this moment, with whatever keeps them alive.
    using PresentChannels = std::function<std::shared_ptr<Channels>()>;

    Upkeep(store::Store& store, Endings& endings, PresentChannels channels, orders::TaskGroup::Executor executor,
           identity::Now now = wall_now)
        : store_(store), endings_(endings), channels_(std::move(channels)), now_(std::move(now)), tasks_(executor) {}

    // What an earlier process was sending may have arrived or not; then rounds begin.
    Result<void> start();
    void stop() { tasks_.stop(); }

    // One round, in parts, until nothing is due.
    base::Task<void> round();

  private:
    base::Task<void> run();
    base::Task<bool> end_overdue();
    base::Task<void> update_cards();
    base::Task<void> update_card(store::ChallengeRow row);

    store::Store& store_;
    Endings& endings_;
    const PresentChannels channels_;
    const identity::Now now_;
    orders::TaskGroup tasks_;
};

}  // namespace quell::challenges
