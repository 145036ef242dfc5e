// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/crash_records.hpp"

#include "base/log.hpp"

namespace quell::app {

void record_crash(audit::Trail& trail, const PluginId& plugin, const plugins::Crash& crash) {
    audit::Record record{.event = "plugin_crashed",
                         .actor = "quell",
                         .outcome = crash.quarantines ? "quarantined" : "restarts",
                         .detail = {{"plugin", plugin.str()},
                                    {"pid", crash.pid},
                                    {"reason", crash.reason},
                                    {"calls_in_flight", crash.calls_in_flight},
                                    {"output", crash.output}}};
    if (const auto queued = trail.append_later(std::move(record)); !queued) {
        log::error("plugin_crash_not_recorded", {{"plugin", plugin.str()}, {"reason", queued.error()->message}});
    }
}

}  // namespace quell::app
