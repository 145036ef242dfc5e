// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace quell::metrics {

// Meters belong to the registry and live as long as it does. Any thread; a reader may see one before another.

// Only grows.
class Counter {
  public:
    void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
    // Mirrors a total that somebody else counts.
    void show(std::uint64_t total) { value_.store(total, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> value_ = 0;
};

class Gauge {
  public:
    void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
    std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::int64_t> value_ = 0;
};

// Durations. The same buckets everywhere, from an answer out of memory to the longest wait for a provider.
class Histogram {
  public:
    using Duration = std::chrono::nanoseconds;
    static constexpr std::array<Duration, 14> kUpTo = {
        std::chrono::microseconds(50), std::chrono::microseconds(100), std::chrono::microseconds(250),
        std::chrono::microseconds(500), std::chrono::milliseconds(1), std::chrono::microseconds(2500),
        std::chrono::milliseconds(5), std::chrono::milliseconds(25), std::chrono::milliseconds(100),
        std::chrono::milliseconds(500), std::chrono::seconds(1), std::chrono::seconds(5), std::chrono::seconds(20),
        std::chrono::seconds(60)};

    void observe(Duration duration);
    Duration sum() const { return Duration(sum_.load(std::memory_order_relaxed)); }
    // How many fell into one bucket; the last one holds what is beyond kUpTo.
    std::uint64_t in_bucket(std::size_t bucket) const { return buckets_[bucket].load(std::memory_order_relaxed); }

  private:
    std::array<std::atomic<std::uint64_t>, kUpTo.size() + 1> buckets_{};
    std::atomic<Duration::rep> sum_ = 0;
};

}  // namespace quell::metrics
