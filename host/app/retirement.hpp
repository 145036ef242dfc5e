// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <thread>

namespace quell::app {

class Deployment;

// Ends deployments that a reload has replaced, each on a thread of its own: it waits until nobody holds the deployment
// any more, ends its runners and lets it go. One owner thread.
class Retirement {
  public:
    ~Retirement() { stop(); }

    void retire(std::shared_ptr<Deployment> deployment);
    // Ends what is still waiting at once, calls included, and joins.
    void stop();

  private:
    struct Ending {
        std::atomic<bool> over = false;
        std::jthread thread;
    };
    std::list<Ending> endings_;
};

}  // namespace quell::app
