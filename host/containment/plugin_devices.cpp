// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/failed.hpp"
#include "containment/device_connectors.hpp"
#include "plugins/registry.hpp"

namespace quell::containment {
namespace {

// Words that this version does not know are left out.
template <class Value>
std::vector<Value> parse_all(const std::vector<std::string>& words, std::optional<Value> (*parse)(std::string_view)) {
    std::vector<Value> values;
    for (const std::string& word : words) {
        if (const auto value = parse(word)) {
            values.push_back(*value);
        }
    }
    return values;
}

std::optional<Profile> profile_of(const plugins::Connector& connector) {
    const auto& manifest = connector.manifest().device_containment;
    const auto kind = manifest ? parse_kind(manifest->kind) : std::nullopt;
    if (!kind) {
        return std::nullopt;
    }
    Profile profile{.key = connector.key(),
                    .kind = *kind,
                    .actions = parse_all(connector.actions(), parse_action),
                    .lookup_types = parse_all(manifest->lookup_types, parse_lookup_type),
                    .idempotent_actions = parse_all(manifest->idempotent_actions, parse_action),
                    .max_batch = std::max<std::size_t>(manifest->max_batch, 1),
                    .lock_pin_digits = manifest->lock_pin_digits};
    std::erase_if(profile.actions, [&](Action action) { return kind_for(action) != *kind; });
    return profile;
}

Error gone(const ConnectorKey& key) {
    return {Code::failed_precondition, "connector_not_enabled", "`" + key.str() + "` is not enabled any more."};
}

}  // namespace

PluginDevices::PluginDevices(const plugins::Registry& registry, std::span<const TenantId> tenants)
    : registry_(registry) {
    for (const TenantId& tenant : tenants) {
        std::vector<Profile>& profiles = profiles_[tenant];
        for (const plugins::Connector* connector : registry.enabled(tenant, plugins::kDeviceContainment)) {
            if (auto profile = profile_of(*connector)) {
                profiles.push_back(std::move(*profile));
            }
        }
    }
}

std::span<const Profile> PluginDevices::enabled(const TenantId& tenant) const {
    const auto found = profiles_.find(tenant);
    return found == profiles_.end() ? std::span<const Profile>() : found->second;
}

base::Task<std::vector<plugins::Device>> PluginDevices::resolve(const TenantId& tenant, const ConnectorKey& key,
                                                                plugins::Lookup lookup, Action action,
                                                                plugins::CallOptions options) {
    const plugins::Connector* const connector = registry_.find(tenant, key);
    if (connector == nullptr) {
        return base::failed<std::vector<plugins::Device>>(gone(key));
    }
    return plugins::resolve(*connector, lookup, std::move(options), to_string(action));
}

base::Task<std::vector<plugins::DeviceOutcome>> PluginDevices::apply(const TenantId& tenant, const ConnectorKey& key,
                                                                     plugins::DeviceAction order,
                                                                     plugins::CallOptions options) {
    const plugins::Connector* const connector = registry_.find(tenant, key);
    if (connector == nullptr) {
        return base::failed<std::vector<plugins::DeviceOutcome>>(gone(key));
    }
    return plugins::apply(*connector, order, std::move(options));
}

base::Task<std::vector<plugins::DeviceOutcome>> PluginDevices::poll(const TenantId& tenant, const ConnectorKey& key,
                                                                    plugins::DevicePoll poll,
                                                                    plugins::CallOptions options) {
    const plugins::Connector* const connector = registry_.find(tenant, key);
    if (connector == nullptr) {
        return base::failed<std::vector<plugins::DeviceOutcome>>(gone(key));
    }
    return plugins::poll(*connector, poll, std::move(options));
}

}  // namespace quell::containment
