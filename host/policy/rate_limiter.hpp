// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace quell::policy {

// How many calls each principal may make in a minute (L42+). Windows of one minute, each from a principal's first call on.
// Any thread; sharded by key, one mutex a shard, held only for a look-up. Bounded: a full shard forgets its expired windows,
// then any one window. Judges by the steady clock, so a changed wall clock frees nobody (DU-06).
class RateLimiter {
  public:
    using Clock = std::chrono::steady_clock;
    struct Allowance {
        bool allowed = true;
        std::int64_t limit = 0;
        std::int64_t remaining = 0;          // after this call
        std::chrono::seconds until_reset{};  // rounded up
    };

    // Counts one call against `limit`, which may differ from call to call: settings change.
    Allowance take(std::string_view key, std::int64_t limit, Clock::time_point now = Clock::now());

  private:
    struct Window {
        Clock::time_point end;
        std::int64_t calls = 0;
    };
    struct alignas(64) Shard {
        std::mutex mutex;
        std::unordered_map<std::string, Window> windows;
    };
    static Window& present_window(Shard& shard, std::string_view key, Clock::time_point now);

    std::array<Shard, 16> shards_;
};

}  // namespace quell::policy
