// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "audit/trail.hpp"
#include "plugins/crash_history.hpp"

namespace quell::app {

// A plugin's crash in the host's audit chain (PLUGIN-ABI.md 2.7), queued. Any thread.
void record_crash(audit::Trail& trail, const PluginId& plugin, const plugins::Crash& crash);

}  // namespace quell::app
