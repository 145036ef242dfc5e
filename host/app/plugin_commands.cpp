// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <algorithm>

#include "app/commands.hpp"
#include "json/read.hpp"

namespace quell::app {

namespace {

bool is_quarantined(const Services& services, const PluginId& plugin) {
    const auto all = services.deployment()->registry.plugins();
    return std::any_of(all.begin(), all.end(), [&](const plugins::PluginStatus& status) {
        return status.id == plugin && status.backend.state == plugins::BackendStatus::State::quarantined;
    });
}

Result<void> record_lifting(Services& services, const PluginId& plugin, const Actor& actor) {
    audit::Record record{
        .event = "plugin_quarantine_lifted", .actor = actor.id, .outcome = "ok", .detail = {{"plugin", plugin.str()}}};
    return services.store->write_and_wait<void>([&](store::Transaction& transaction) {
        return services.trail.append(transaction, record);
    });
}

// No audit, no action.
Result<void> lift_quarantine(Services& services, const PluginId& plugin, const Actor& actor) {
    if (is_quarantined(services, plugin)) {
        TRY_VOID(record_lifting(services, plugin, actor));
    }
    return services.deployment()->registry.lift_quarantine(plugin);
}

}  // namespace

Result<json::Value> list_plugins(Services& services, const json::Object&, const Actor&) {
    json::Array rows;
    const auto deployment = services.deployment();
    for (const plugins::PluginStatus& status : deployment->registry.plugins()) {
        rows.push_back(plugins::to_json(status));
    }
    return rows;
}

Result<json::Value> plugin_status(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const auto reset, json::optional_string(arguments, "reset"));
    if (reset) {
        TRY_VOID(lift_quarantine(services, PluginId(std::string(*reset)), actor));
    }
    json::Array rows;
    for (const plugins::PluginStatus& status : services.deployment()->registry.plugins()) {
        rows.push_back(plugins::to_health(status));
    }
    return rows;
}

}  // namespace quell::app
