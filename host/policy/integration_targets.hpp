// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/settings.hpp"

namespace quell::policy {

// What a tenant may name in `integration_targets` of one tool.
struct Integrations {
    const config::TenantSettings& tenant;
    std::span<const std::string_view> reserved;  // keys of connectors that the product knows (V56)
    std::span<const std::string> enabled;        // connectors that are enabled and offer the capability
    std::string_view capability;                 // for people: "device containment"
};

// Accepts no list (all enabled) or a list of enabled connectors without repeats; every other key refuses the whole
// call before anything is asked of a provider: unknown_connector, connector_not_enabled, connector_unavailable (its
// plugin is not running) or action_not_supported, each naming the enabled ones (V50, TN-02).
Result<void> check_integration_targets(const std::optional<std::vector<std::string>>& asked,
                                       const Integrations& integrations);

// Nothing is enabled for the tool at all.
Error none_enabled(const Integrations& integrations);

}  // namespace quell::policy
