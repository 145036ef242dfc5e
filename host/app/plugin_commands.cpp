// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/commands.hpp"

namespace quell::app {

Result<json::Value> list_plugins(Services& services, const json::Object&, const Actor&) {
    json::Array rows;
    const auto deployment = services.deployment();
    for (const plugins::PluginStatus& status : deployment->registry.plugins()) {
        rows.push_back(plugins::to_json(status));
    }
    return rows;
}

}  // namespace quell::app
