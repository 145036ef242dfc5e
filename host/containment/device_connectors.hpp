// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <map>
#include <span>
#include <vector>

#include "base/task.hpp"
#include "containment/terms.hpp"
#include "plugins/device_containment.hpp"

namespace quell::plugins {
class Registry;
}

namespace quell::containment {

// What one enabled connector of a tenant can do, as its manifest and the tenant's settings leave it.
struct Profile {
    ConnectorKey key;
    ConnectorKind kind = ConnectorKind::edr;
    std::vector<Action> actions;  // those of its kind only (V47)
    std::vector<LookupType> lookup_types;
    std::vector<Action> idempotent_actions;
    std::size_t max_batch = 1;
    int lock_pin_digits = 0;

    bool does(Action action) const;
    bool finds_by(LookupType type) const;
    bool repeats(Action action) const;
};

// How containment reaches devices: the connectors of host/plugins, or a test's fakes. Any thread. A disabled connector
// is not among the enabled ones and cannot be called (V62).
class DeviceConnectors {
  public:
    virtual ~DeviceConnectors() = default;
    // By key; valid as long as this object.
    virtual std::span<const Profile> enabled(const TenantId& tenant) const = 0;

    virtual base::Task<std::vector<plugins::Device>> resolve(const TenantId& tenant, const ConnectorKey& key,
                                                             plugins::Lookup lookup, Action action,
                                                             plugins::CallOptions options) = 0;
    virtual base::Task<std::vector<plugins::DeviceOutcome>> apply(const TenantId& tenant, const ConnectorKey& key,
                                                                  plugins::DeviceAction order,
                                                                  plugins::CallOptions options) = 0;
    virtual base::Task<std::vector<plugins::DeviceOutcome>> poll(const TenantId& tenant, const ConnectorKey& key,
                                                                 plugins::DevicePoll poll,
                                                                 plugins::CallOptions options) = 0;
};

const Profile* find(std::span<const Profile> profiles, const ConnectorKey& key);

// The real ones. The registry outlives this object.
class PluginDevices final : public DeviceConnectors {
  public:
    PluginDevices(const plugins::Registry& registry, std::span<const TenantId> tenants);

    std::span<const Profile> enabled(const TenantId& tenant) const override;
    base::Task<std::vector<plugins::Device>> resolve(const TenantId& tenant, const ConnectorKey& key,
                                                     plugins::Lookup lookup, Action action,
                                                     plugins::CallOptions options) override;
    base::Task<std::vector<plugins::DeviceOutcome>> apply(const TenantId& tenant, const ConnectorKey& key,
                                                          plugins::DeviceAction order,
                                                          plugins::CallOptions options) override;
    base::Task<std::vector<plugins::DeviceOutcome>> poll(const TenantId& tenant, const ConnectorKey& key,
                                                         plugins::DevicePoll poll,
                                                         plugins::CallOptions options) override;

  private:
    const plugins::Registry& registry_;
    std::map<TenantId, std::vector<Profile>> profiles_;
};

}  // namespace quell::containment
