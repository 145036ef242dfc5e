// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "config/settings.hpp"
#include "store/notifications.hpp"

namespace quell::notifications {

// How one attempt ended.
struct Delivery {
    enum class End {
        delivered,
        retry,    // later, in the usual steps and no sooner than `wait`
        give_up,  // no later attempt could go better
        gone,     // the receiver wants nothing any more (410)
    };
    End end = End::delivered;
    std::string why{};  // for the administrator: no secret, no byte of the receiver
    std::optional<Millis> wait{};
};

// Delivers over one kind of channel. Blocks its thread, for some seconds at most. Any thread.
class Sender {
  public:
    virtual ~Sender() = default;
    virtual Delivery send(const store::NotificationRow& row, const config::Settings& settings, const std::stop_token& stop) = 0;
};

}  // namespace quell::notifications
