// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "policy/integration_targets.hpp"

namespace quell::policy {
namespace {

std::string list(std::span<const std::string> keys) {
    std::string text;
    for (const auto& key : keys) {
        text += (text.empty() ? "" : ", ") + key;
    }
    return text.empty() ? "none" : text;
}

Error refusal(std::string_view error_key, std::string message, const Integrations& integrations) {
    Error error(Code::failed_precondition, std::string(error_key), std::move(message));
    return std::move(error)
        .allowed({integrations.enabled.begin(), integrations.enabled.end()})
        .next_step("Name enabled connectors only (" + list(integrations.enabled) +
                   "), or leave integration_targets out to use all of them.");
}

// Keys come from the caller: only what looks like one is repeated to him.
std::string shown(const std::string& key) {
    const bool plain = !key.empty() && key.size() <= 64 && std::ranges::all_of(key, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
    return plain ? "`" + key + "`" : "one of the names";
}

Result<void> check_key(const std::string& key, const Integrations& integrations) {
    if (std::ranges::find(integrations.enabled, key) != integrations.enabled.end()) {
        return {};
    }
    const auto configured = integrations.tenant.connectors.find(ConnectorKey(key));
    const bool is_configured = configured != integrations.tenant.connectors.end();
    const bool is_reserved = std::ranges::find(integrations.reserved, key) != integrations.reserved.end();
    if (!is_configured && !is_reserved) {
        return refusal("unknown_connector", shown(key) + " is not a connector of this tenant.", integrations);
    }
    if (is_configured && configured->second.enabled) {
        return is_reserved
                   ? refusal("connector_unavailable", shown(key) + " is enabled, but its plugin is not running.",
                             integrations)
                   : refusal("action_not_supported",
                             shown(key) + " does not offer " + std::string(integrations.capability) + ".",
                             integrations);
    }
    return refusal("connector_not_enabled", shown(key) + " is not enabled for this tenant.", integrations);
}

}  // namespace

Error none_enabled(const Integrations& integrations) {
    Error error(Code::failed_precondition, "connector_not_enabled",
                "No connector for " + std::string(integrations.capability) + " is enabled for this tenant.");
    return std::move(error).next_step("Ask the administrator of this host to enable one.");
}

Result<void> check_integration_targets(const std::optional<std::vector<std::string>>& asked,
                                       const Integrations& integrations) {
    if (integrations.enabled.empty() && (!asked || asked->empty())) {
        return none_enabled(integrations);
    }
    if (!asked) {
        return {};
    }
    if (asked->empty()) {
        return invalid_arguments("`integration_targets` must name at least one connector, or be left out.");
    }
    for (auto key = asked->begin(); key != asked->end(); ++key) {
        TRY_VOID(check_key(*key, integrations));
        if (std::find(asked->begin(), key, *key) != key) {
            return invalid_arguments("`integration_targets` names " + shown(*key) + " twice.");
        }
    }
    return {};
}

}  // namespace quell::policy
