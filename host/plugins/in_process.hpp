// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/abi.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "plugins/backend.hpp"
#include "plugins/host_services.hpp"
#include "plugins/plugin_log.hpp"
#include "plugins/unique_fd.hpp"

namespace quell::plugins {

// A plugin inside the host, by the admin's explicit choice: fully trusted, no boundary. Its library is never unloaded
// and its memfd never closed (INTERFACES.md 6). A call that does not come back cannot be killed: its worker is lost
// and the plugin is shown as unhealthy.
class InProcessBackend : public Backend {
  public:
    InProcessBackend(PluginId plugin, std::string manifest, std::string sha256, UniqueFd library, PluginLog& log);

    void start() override;
    Outcome run(Call& call) override;
    void give_up(Call& call) override;
    BackendStatus status() const override;
    bool lift_quarantine() override { return false; }  // its crash is the host's
    bool stop() override;

  private:
    // What destroy works on, owned by the thread that runs it: one that hangs is left behind and outlives the backend.
    struct Ending {
        const quell_plugin* plugin;
        std::vector<std::unique_ptr<quell_host>> hosts;
        std::vector<quell_instance*> instances;
    };

    bool make_instance(Call& call, Outcome& refusal);
    Ending take_instances();
    static std::size_t destroy_all(const Ending& ending);

    const PluginId id_;
    const std::string manifest_;
    const std::string sha256_;  // of the library's bytes
    UniqueFd library_;
    PluginLog& log_;
    const quell_plugin* plugin_ = nullptr;  // set by start(), before any call
    std::string refusal_;
    std::atomic<int> stuck_ = 0;

    std::mutex mutex_;
    std::vector<std::unique_ptr<quell_host>> hosts_;
    std::vector<quell_instance*> instances_;
};

}  // namespace quell::plugins
