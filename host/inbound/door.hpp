// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <memory>

#include "http/router.hpp"
#include "identity/throttle.hpp"
#include "inbound/dispatcher.hpp"
#include "plugins/registry.hpp"

namespace quell::inbound {

// POST /v1/inbound/{tenant}/{connector}. Whoever calls is a stranger until the plugin has checked a signature. Any thread.
class Door {
  public:
    // The registry of this moment, with whatever keeps it alive.
    using PresentRegistry = std::function<std::shared_ptr<const plugins::Registry>()>;

    Door(PresentRegistry registry, Dispatcher& dispatcher, identity::Now now = wall_now)
        : registry_(std::move(registry)), dispatcher_(dispatcher), now_(std::move(now)) {}

    void add_routes(http::Router& router);

  private:
    http::Answer answer(const http::Request& request);
    base::Task<http::Response> hand_over(const plugins::Connector& connector, const http::Request& request);

    const PresentRegistry registry_;
    Dispatcher& dispatcher_;
    const identity::Now now_;
    identity::Throttle throttle_{{.attempts = 600, .window = std::chrono::seconds{60}}};  // by connector and address
};

}  // namespace quell::inbound
