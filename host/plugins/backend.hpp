// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <string>

#include "plugins/call.hpp"
#include "plugins/crash_history.hpp"
#include "plugins/outcome.hpp"

namespace quell::plugins {

// Where the plugin's code runs and how it is held, for `quell plugin list`.
struct BackendStatus {
    enum class State {
        starting,  // no runner has answered yet
        ready,
        stopped,  // the runner ended; the next call starts another one
        failed,   // the plugin could not be loaded; `reason`
        quarantined,  // it crashed too often; takes no call until that is lifted
        unhealthy  // in-process: a call never came back
    };
    State state = State::starting;
    std::string reason{};
    int landlock_abi = 0;  // of a runner
    bool seccomp = false;
    std::uint64_t memory_mb = 0;
    std::int64_t pid = 0;
    std::uint64_t restarts = 0;
    CrashHistory::Summary history{};
};

std::string_view to_string(BackendStatus::State state);

// One of the two ways to run a plugin. run() is for the plugin's worker threads and blocks; the rest is for any
// thread. stop() comes once, after the last run() has returned or been given up.
class Backend {
  public:
    virtual ~Backend() = default;
    // Begins to load the plugin without waiting, so that the first call finds it ready.
    virtual void start() = 0;
    // Makes the instance's plugin side if it has none, and runs the call. Never throws.
    virtual Outcome run(Call& call) = 0;
    // The call is over and the plugin did not come back in time.
    virtual void give_up(Call& call) = 0;
    virtual BackendStatus status() const = 0;
    // False if the plugin is not in quarantine.
    virtual bool lift_quarantine() = 0;
    // False if plugin code did not come back from its end (in-process only).
    virtual bool stop() = 0;
};

}  // namespace quell::plugins
