// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "config/settings.hpp"
#include "egress/http_client.hpp"
#include "metrics/registry.hpp"
#include "plugins/connector.hpp"
#include "plugins/setting_secrets.hpp"

namespace quell::plugins {

// All plugins and connectors of the host. Made once from the settings, immutable afterwards but for the plugins' own
// states; any thread. A plugin that cannot be loaded does not keep the others from starting (PL-06).
class Registry {
  public:
    using ContentChanged = std::function<void(const TenantId&, const ConnectorKey&, const McpEvent&)>;

    // What the connectors work with; all of it outlives the registry.
    struct Services {
        egress::HttpClient& http;
        metrics::Registry& metrics;
        // Told of each crash of a plugin's process, on a thread that must not be held up.
        std::function<void(const PluginId&, const Crash&)> crashed{};
        // Told when a connector's MCP content changes, on a thread that must not be held up.
        ContentChanged content_changed{};
        // Told what became of the secrets of settings, on a thread that must not be held up.
        std::function<void(const SettingSecretUse&)> secret_used{};
        // The host's own store of secrets, for settings that refer to it.
        SettingSecrets::BuiltInStore built_in_secrets{};
    };
    // Verifies the files and the settings; runs no plugin code.
    Registry(const config::Settings& settings, Services services, std::filesystem::path runner);
    ~Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    // Starts the runners without waiting for them; a call that comes earlier waits. Secrets of settings that lie in
    // backends are waited for, ten seconds at most.
    void start();
    // Answers the calls in flight, ends all runners and joins. False if in-process code did not come back: end the
    // process without destructors then.
    bool stop();

    // A backend of secrets was written to: connectors whose settings refer to it get the new values.
    void secrets_changed(const TenantId& tenant, const ConnectorKey& backend) { secrets_.changed(tenant, backend); }

    // Null if the tenant has no such enabled connector.
    const Connector* find(const TenantId& tenant, const ConnectorKey& key) const;
    // The tenant's enabled connectors that offer the capability, by key. Those with a problem() are among them.
    const std::vector<const Connector*>& enabled(const TenantId& tenant, std::string_view capability) const;
    // All enabled connectors of the tenant, by key.
    std::vector<const Connector*> connectors(const TenantId& tenant) const;
    std::vector<PluginStatus> plugins() const;
    // Lets a plugin that crashed too often take calls again; not_found, or failed_precondition if it did not.
    Result<void> lift_quarantine(const PluginId& id);

  private:
    // A connector whose way out opens once its secrets are fetched.
    struct Waiting {
        const config::ConnectorSettings& settings;
        std::shared_ptr<Plugin> plugin;
        Instance* instance;
        std::vector<SecretReference> references;
    };
    struct Tenant {
        std::map<ConnectorKey, std::unique_ptr<Connector>> connectors;
        std::map<std::string, std::vector<const Connector*>, std::less<>> by_capability;
    };

    void load_plugins(const config::Settings& settings, const Services& services);
    void add_tenant(const config::TenantSettings& tenant, const Services& services);
    std::unique_ptr<Connector> make_connector(const config::TenantSettings& tenant, const config::ConnectorSettings& settings,
                                              const Services& services);
    Result<Instance*> make_instance(const config::TenantSettings& tenant, const config::ConnectorSettings& settings,
                                    const std::shared_ptr<Plugin>& plugin, const Services& services);
    Result<void> check_references(const config::TenantSettings& tenant, const config::ConnectorSettings& settings,
                                  const std::vector<SecretReference>& references, const Services& services) const;
    void add_dependents(const config::TenantSettings& settings, const Tenant& tenant);
    std::shared_ptr<Plugin> find_plugin(const PluginId& id) const;

    Spawner spawner_;
    Watchdog watchdog_;
    std::map<PluginId, std::shared_ptr<Plugin>> plugins_;
    std::map<TenantId, Tenant> tenants_;
    std::vector<Waiting> waiting_;  // of the tenant that is being added
    SettingSecrets secrets_;
    bool stopped_ = false;
};

}  // namespace quell::plugins
