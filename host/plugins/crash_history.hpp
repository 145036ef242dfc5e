// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"

namespace quell::plugins {

// One unexpected end of a plugin's process.
struct Crash {
    WallTime at{};
    std::int64_t pid = 0;
    std::string reason{};              // "signal SIGSEGV", or why the host killed it
    std::string output{};              // the last 4 KiB that it wrote to standard output and error
    std::size_t calls_in_flight = 0;
    bool quarantines = false;          // it was one too many
};

// The crash policy's memory (PLUGIN-ABI.md 2.7): kMost crashes within kWindow put a plugin in quarantine until an
// administrator lifts it or new settings replace the plugin. Its own monitor; any thread.
class CrashHistory {
  public:
    static constexpr std::size_t kMost = 5;
    static constexpr std::chrono::seconds kWindow{60};
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    using Report = std::function<void(const Crash&)>;

    // `report` is told of every crash, on the thread that notes it.
    explicit CrashHistory(Report report, Clock now = [] { return std::chrono::steady_clock::now(); })
        : report_(std::move(report)), now_(std::move(now)) {}

    void note(Crash crash);
    bool is_quarantined() const;
    // False if there is nothing to lift.
    bool lift();

    struct Summary {
        std::uint64_t crashes = 0;
        std::optional<Crash> last{};
        std::optional<WallTime> quarantined_since{};
    };
    Summary summary() const;

  private:
    bool add(Crash& crash);

    const Report report_;
    const Clock now_;
    mutable std::mutex mutex_;  // guards what follows
    std::deque<std::chrono::steady_clock::time_point> recent_;
    Summary summary_;
};

// At most the last 4 KiB of what a process wrote, as text that may be kept and shown.
std::string readable_end(std::string_view output);

}  // namespace quell::plugins
