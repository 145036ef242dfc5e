// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace quell::http {

// Counts the requests with a large body that a server holds at a time, so that callers who have proved nothing yet
// cannot fill its memory: 10,000 connections with 1 MiB each would. Any thread; outlives its places.
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
            if (owner_ != nullptr) {
                owner_->taken_.fetch_sub(1);
            }
        }
        // False: all places are taken.
        bool take(LargeBodies& owner) {
            if (owner_ != nullptr) {
                return true;
            }
            if (owner.taken_.fetch_add(1) >= owner.most_) {
                owner.taken_.fetch_sub(1);
                return false;
            }
            owner_ = &owner;
            return true;
        }

      private:
        LargeBodies* owner_ = nullptr;
    };

  private:
    const std::size_t most_;
    std::atomic<std::size_t> taken_{0};
};

}  // namespace quell::http
