// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <string>

#include "inbound/dispatcher.hpp"

namespace quell::app {

class Deployment;
class Services;

// What the events of connectors mean: answers of challenges, wishes for one, decisions about approvals. Whoever did it is told
// by the same connector if nothing came of it. Any thread; the services outlive it.
class InboundActs {
  public:
    explicit InboundActs(Services& services) : services_(services) {}

    base::Task<void> act(store::InboundEventName name, plugins::InboundEvent event);

  private:
    base::Task<void> answer_challenge(std::shared_ptr<Deployment> deployment, store::InboundEventName name,
                                      plugins::InboundEvent event);
    base::Task<void> request_challenge(std::shared_ptr<Deployment> deployment, const plugins::Connector& connector,
                                       plugins::InboundEvent event);
    base::Task<void> decide_approval(const plugins::Connector& connector, plugins::InboundEvent event);

    Services& services_;
};

}  // namespace quell::app
