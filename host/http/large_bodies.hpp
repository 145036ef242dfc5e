// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace quell::http {

// Counts the requests with a large body that a server holds at a time, so that callers who have proved nothing yet
// cannot fill its memory: 10,000 connections with 1 MiB each would. Any thread; its places may outlive it, as
// connections that are cut off at the end do.
class LargeBodies {
  public:
    // A body of more is large. MCP messages and forms are hardly ever.
    static constexpr std::size_t kFrom = 16 * 1024;

    explicit LargeBodies(std::size_t most) : most_(most) {}

    // One request's place; it may hold none.
    class Place {
      public:
        Place() = default;
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place() {
            if (taken_) {
                taken_->fetch_sub(1);
            }
        }
        // False: all places are taken.
        bool take(const LargeBodies& bodies) {
            if (taken_) {
                return true;
            }
            if (bodies.taken_->fetch_add(1) >= bodies.most_) {
                bodies.taken_->fetch_sub(1);
                return false;
            }
            taken_ = bodies.taken_;
            return true;
        }

      private:
        std::shared_ptr<std::atomic<std::size_t>> taken_;
    };

  private:
    const std::size_t most_;
    const std::shared_ptr<std::atomic<std::size_t>> taken_ = std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace quell::http
