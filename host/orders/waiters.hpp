// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <memory>
#include <mutex>
#include <stop_token>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "store/orders.hpp"

namespace quell::orders {

// The callers that wait for a request to become final, each on its own io_context, woken by the writer of the final
// state. Any thread. Outlives every waiting caller.
class Waiters {
  public:
    // Registers before the caller looks whether the request is final, so that no wake-up is lost in between.
    class Seat {
      public:
        Seat(Waiters& waiters, RequestId request, boost::asio::io_context::executor_type executor);
        Seat(const Seat&) = delete;
        Seat& operator=(const Seat&) = delete;
        ~Seat();
        // Returns when woken, when `stop` is requested or after `time`; at once if woken before.
        base::Task<void> wait(Millis time, std::stop_token stop);

      private:
        friend class Waiters;
        struct Bell;
        Waiters& waiters_;
        RequestId request_;
        std::shared_ptr<Bell> bell_;
    };

    void wake(const RequestId& request);
    // Wakes everyone, now and in future: nobody waits any more.
    void close();

  private:
    using Bells = std::vector<std::shared_ptr<Seat::Bell>>;

    std::mutex mutex_;  // guards both
    std::unordered_map<RequestId, Bells> bells_;
    bool closed_ = false;
};

}  // namespace quell::orders
