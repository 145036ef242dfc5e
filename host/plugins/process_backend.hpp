// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "plugins/backend.hpp"
#include "plugins/runner_process.hpp"
#include "plugins/spawner.hpp"

namespace quell::plugins {

// A plugin in a sandboxed process of its own. A process that ends costs the calls in flight; the next call starts
// another one, after a pause that grows from half a second to a minute while no call succeeds; one that crashes too
// often gets no other (CrashHistory). A plugin that cannot be loaded is not tried again: its bytes stay the same.
class ProcessBackend : public Backend {
  public:
    struct Setup {
        PluginId plugin;
        std::string manifest;
        std::string sandbox;
        std::int64_t memory_mb = 0;
        std::size_t threads = 1;
        UniqueFd library;
        RunnerProcess::Notified notified{};
        CrashHistory::Report crashed{};
    };
    ProcessBackend(Setup setup, Spawner& spawner, PluginLog& log);
    ~ProcessBackend() override;

    void start() override;
    Outcome run(Call& call) override;
    void give_up(Call& call) override;
    BackendStatus status() const override;
    bool lift_quarantine() override;
    bool stop() override;

  private:
    using Runner = std::shared_ptr<RunnerProcess>;

    // The runner that can take the call, or why there is none.
    Runner ready_runner(Call& call, Outcome& refusal);
    Result<Runner> current_or_new(Call& call);
    void note_end();
    Result<void> spawn();
    std::chrono::milliseconds pause() const;
    bool make_instance(RunnerProcess& runner, Call& call, Outcome& refusal);

    const Setup setup_;
    Spawner& spawner_;
    PluginLog& log_;

    const std::shared_ptr<CrashHistory> crashes_;  // its own monitor, shared with the runners

    mutable std::mutex mutex_;  // guards what follows
    Runner runner_;
    bool end_noted_ = false;  // of runner_
    bool stopped_ = false;
    unsigned failures_ = 0;  // ends since the last call that came back
    std::uint64_t generations_ = 0;
    std::chrono::steady_clock::time_point not_before_{};
    std::vector<std::uint64_t> instances_;  // that runner_ has
};

}  // namespace quell::plugins
