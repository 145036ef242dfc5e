// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/thread_pool.hpp>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <thread>

#include "audit/trail.hpp"
#include "metrics/registry.hpp"
#include "notifications/outbox.hpp"
#include "notifications/schedule.hpp"
#include "notifications/sender.hpp"

namespace quell::notifications {

// Delivers what the outbox holds: at least once, each lane in turn and lanes beside one another, so that a receiver that drips
// holds up nobody else (SS-06). What an earlier process left is taken up at the start. A claim is durable before anything
// leaves, and so is the attempt that it counts: a message that ends the process is not tried for ever.
// Owned by app; start() once, stop() before the senders' clients and the store go.
class Courier {
  public:
    using Senders = std::map<std::string, std::shared_ptr<Sender>>;  // by channel

    struct Dependencies {
        store::Store& store;
        audit::Trail& trail;
        metrics::Registry& metrics;
        PresentSettings settings;
        std::function<WallTime()> now = wall_now;
        Schedule schedule{};
        Millis look_every{250};
    };
    Courier(Dependencies dependencies, Senders senders);
    ~Courier() { stop(); }

    Result<void> start();
    // Ends what is under way; what was not delivered stays for the next start.
    void stop();

  private:
    void run();
    void hand_out(const std::vector<store::NotificationRow>& due);
    bool occupy(const store::NotificationRow& row);
    void release(const store::NotificationRow& row);
    void deliver(store::NotificationRow row);
    Delivery attempt(const store::NotificationRow& row);
    Result<void> note(store::Transaction& transaction, const store::NotificationRow& row, const Delivery& delivery);
    Result<void> note_end(store::Transaction& transaction, const store::NotificationRow& row, const Delivery& delivery);
    void count(const store::NotificationRow& row, const Delivery& delivery);

    const Dependencies in_;
    const Senders senders_;
    std::stop_source stopping_;
    std::optional<boost::asio::thread_pool> pool_;  // from start() on
    std::thread thread_;

    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    bool freed_ = false;  // a lane, since the last look
    std::set<std::string> busy_;
    std::map<TenantId, unsigned> running_;
};

}  // namespace quell::notifications
