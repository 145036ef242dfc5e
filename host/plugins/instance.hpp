// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/abi.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/ids.hpp"
#include "plugins/mcp_event.hpp"
#include "plugins/meters.hpp"
#include "plugins/way_out.hpp"

namespace quell::plugins {

class PluginLog;

// A plugin configured for one connector of one tenant. Made once, before the first call, and kept until the host
// stops; its settings never change. The backend makes the plugin's side of it before the first call.
struct Instance {
    std::uint64_t id = 0;
    TenantId tenant;
    ConnectorKey connector;
    std::string config;  // the settings as JSON, without secrets but for those that the plugin may see
    WayOut http;
    PluginLog* log = nullptr;
    std::unique_ptr<ConnectorMeters> meters;  // null in tests of parts
    // Told of changes of what the plugin offers to MCP clients; any thread, must not block. May be empty.
    std::function<void(const McpEvent&)> content_changed;
    McpEventBudget event_budget;
    // Told when the provider refuses the credentials; any thread, must not block. May be empty.
    std::function<void()> credentials_refused;

    // The plugin's side. Guarded by `create`, held while create runs so that calls wait for it.
    std::timed_mutex create;
    std::uint64_t generation = 0;         // of the runner that has it; 0: none
    quell_instance* in_process = nullptr;

    bool busy = false;  // a call runs; guarded by the pool, used where the manifest says "serial"
};

}  // namespace quell::plugins
