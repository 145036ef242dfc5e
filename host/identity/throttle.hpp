// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace quell::identity {

// Counts attempts per key in fixed windows and says how long to wait once there were too many (OA-15, OA-31).
// Any thread; sharded by key, one mutex a shard, held only for a look-up. Bounded: a full shard forgets its expired
// windows, then any one window. Judges by the steady clock, so a changed wall clock frees nobody (DU-06).
class Throttle {
  public:
    using Clock = std::chrono::steady_clock;
    struct Limit {
        unsigned attempts;
        std::chrono::seconds window;
    };

    explicit Throttle(Limit limit) : limit_(limit) {}

    // Counts one attempt; the time to wait if it is one too many.
    std::optional<std::chrono::seconds> attempt(std::string_view key, Clock::time_point now = Clock::now());
    // The time to wait, without counting.
    std::optional<std::chrono::seconds> blocked(std::string_view key, Clock::time_point now = Clock::now()) const;
    // After a success: the key starts anew.
    void forgive(std::string_view key);

  private:
    struct Window {
        Clock::time_point end;
        unsigned attempts;
    };
    struct alignas(64) Shard {
        mutable std::mutex mutex;
        std::unordered_map<std::string, Window> windows;
    };

    Shard& shard_of(std::string_view key) { return shards_[std::hash<std::string_view>{}(key) % shards_.size()]; }
    const Shard& shard_of(std::string_view key) const {
        return shards_[std::hash<std::string_view>{}(key) % shards_.size()];
    }
    static void make_room(Shard& shard, Clock::time_point now);

    Limit limit_;
    std::array<Shard, 16> shards_;
};

}  // namespace quell::identity
