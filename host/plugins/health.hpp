// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <vector>

#include "plugins/connector.hpp"

namespace quell::plugins {

// health/1 (sdk/schema) as types: whether the connector could act now. Read-only.
inline constexpr std::string_view kHealth = "health/1";

struct Health {
    struct Check {
        std::string name;
        bool ok = false;
        std::string message;  // for an administrator
    };
    bool healthy = false;
    std::vector<Check> checks;
};

base::Task<Health> check_health(const Connector& connector, CallOptions options);
Result<Health> check_health_and_wait(const Connector& connector, CallOptions options);

}  // namespace quell::plugins
