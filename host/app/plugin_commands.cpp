// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/commands.hpp"

namespace quell::app {

Result<json::Value> list_plugins(Services& services, const json::Object&, const Actor&) {
    json::Array rows;
    for (const plugins::PluginStatus& status : services.registry.plugins()) {
        rows.push_back(plugins::to_json(status));
    }
    return rows;
}

}  // namespace quell::app
