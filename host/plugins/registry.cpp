// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/registry.hpp"

#include "base/log.hpp"
#include "json/serialize.hpp"
#include "plugins/connector_settings.hpp"
#include "plugins/refusal.hpp"

namespace quell::plugins {
namespace {

// Secrets read, destinations and credentials understood: what an instance needs besides its plugin.
Result<std::shared_ptr<egress::ConnectorHttp>> make_http(const config::ConnectorSettings& settings,
                                                         const Plugin& plugin, egress::HttpClient& http) {
    TRY(auto options, read_http_options(settings, plugin.settings(), plugin.manifest()));
    TRY(auto made, egress::ConnectorHttp::make(http, std::move(options)));
    return std::shared_ptr<egress::ConnectorHttp>(std::move(made));
}

// PL-10: for the audit trail, whose secret was asked for and by whom.
void tell(const Registry::Services& services, const TenantId& tenant, const config::ConnectorSettings& settings,
          const SecretReference& reference, const Error& error) {
    if (services.secret_used) {
        services.secret_used({.tenant = tenant,
                              .connector = settings.key,
                              .setting = reference.setting,
                              .reference = reference.where.connector + ":" + reference.where.path + "#" + reference.where.field,
                              .error = error});
    }
}

}  // namespace

Registry::Registry(const config::Settings& settings, Services services, std::filesystem::path runner)
    : spawner_(std::move(runner)), secrets_({services.http, services.secret_used, services.built_in_secrets}) {
    load_plugins(settings, services);
    for (const auto& [id, tenant] : settings.tenants) {
        add_tenant(tenant, services);
    }
}

Registry::~Registry() { stop(); }

void Registry::load_plugins(const config::Settings& settings, const Services& services) {
    for (const auto& [id, plugin] : settings.plugins) {
        plugins_.emplace(id, std::make_shared<Plugin>(id, plugin, settings.plugin_trust.directory,
                                                      Plugin::Services{spawner_, watchdog_, services.crashed}));
    }
}

std::shared_ptr<Plugin> Registry::find_plugin(const PluginId& id) const {
    const auto found = plugins_.find(id);
    return found == plugins_.end() ? nullptr : found->second;
}

Result<void> Registry::check_references(const config::TenantSettings& tenant, const config::ConnectorSettings& settings,
                                        const std::vector<SecretReference>& references, const Services& services) const {
    const ManifestOf manifest_of = [this](const config::ConnectorSettings& connector) {
        const auto plugin = find_plugin(connector.plugin);
        return plugin && plugin->is_loaded() ? &plugin->manifest() : nullptr;
    };
    for (const SecretReference& reference : references) {
        if (const auto objection = find_objection(reference, settings, tenant, manifest_of)) {
            Error error = refused("The connector's settings are wrong: " + *objection);
            tell(services, tenant.id, settings, reference, error);
            return error;
        }
    }
    return {};
}

Result<Instance*> Registry::make_instance(const config::TenantSettings& tenant, const config::ConnectorSettings& settings,
                                          const std::shared_ptr<Plugin>& plugin, const Services& services) {
    if (plugin == nullptr) {
        return refused("There is no plugin `" + settings.plugin.str() + "` in the host's settings.");
    }
    if (!plugin->is_loaded()) {
        return unavailable("The connector's plugin is not loaded; `quell plugin list` says why.");
    }
    if (const auto mistakes = find_mistakes(settings, plugin->manifest()); !mistakes.empty()) {
        return refused("The connector's settings are wrong (`quell check` lists all): " + mistakes.front().message);
    }
    auto references = find_references(settings, plugin->manifest());
    TRY_VOID(check_references(tenant, settings, references, services));
    json::Object config;
    std::shared_ptr<egress::ConnectorHttp> way_out;
    if (references.empty()) {
        TRY(way_out, make_http(settings, *plugin, services.http));
        TRY(config, read_config(settings, plugin->settings(), plugin->manifest()));
    }
    Instance& instance = plugin->add_instance(tenant.id, settings.key, json::serialize(config));
    if (way_out) {
        instance.http.open(std::move(way_out));
    } else {
        waiting_.push_back({settings, plugin, &instance, std::move(references)});
    }
    if (services.content_changed) {
        instance.content_changed = [changed = services.content_changed, id = tenant.id, key = settings.key](const McpEvent& event) {
            changed(id, key, event);
        };
    }
    instance.meters = std::make_unique<ConnectorMeters>(services.metrics, plugin->id(), tenant.id, settings.key);
    return &instance;
}

std::unique_ptr<Connector> Registry::make_connector(const config::TenantSettings& tenant,
                                                    const config::ConnectorSettings& settings, const Services& services) {
    std::shared_ptr<Plugin> plugin = find_plugin(settings.plugin);
    const auto instance = make_instance(tenant, settings, plugin, services);
    if (!instance) {
        log::error("connector_not_available", {{"tenant", tenant.id.str()},
                                               {"connector", settings.key.str()},
                                               {"reason", instance.error()->message},
                                               {"detail", instance.error()->detail}});
    }
    return std::make_unique<Connector>(tenant.id, settings, std::move(plugin), instance ? *instance : nullptr,
                                       instance ? std::nullopt : std::optional(instance.error()));
}

void Registry::add_tenant(const config::TenantSettings& settings, const Services& services) {
    Tenant& tenant = tenants_[settings.id];
    for (const auto& [key, connector] : settings.connectors) {
        if (!connector.enabled) {
            continue;
        }
        const Connector& made =
            *tenant.connectors.emplace(key, make_connector(settings, connector, services)).first->second;
        for (const std::string& capability : made.manifest().capabilities) {
            if (made.offers(capability)) {
                tenant.by_capability[capability].push_back(&made);
            }
        }
    }
    add_dependents(settings, tenant);
}

// Once all of the tenant's connectors are there.
void Registry::add_dependents(const config::TenantSettings& settings, const Tenant& tenant) {
    for (Waiting& waiting : std::exchange(waiting_, {})) {
        std::vector<const Connector*> backends;
        for (const SecretReference& reference : waiting.references) {
            const auto found = tenant.connectors.find(ConnectorKey(reference.where.connector));
            backends.push_back(found == tenant.connectors.end() ? nullptr : found->second.get());
        }
        secrets_.add({.tenant = settings.id,
                      .settings = waiting.settings,
                      .plugin = std::move(waiting.plugin),
                      .instance = waiting.instance,
                      .references = std::move(waiting.references),
                      .backends = std::move(backends)});
    }
}

void Registry::start() {
    for (const auto& [id, plugin] : plugins_) {
        plugin->start();
    }
    secrets_.start();
}

bool Registry::stop() {
    if (std::exchange(stopped_, true)) {
        return true;
    }
    secrets_.stop();
    std::vector<std::thread> stopping;
    std::atomic<bool> all_back = true;
    for (const auto& entry : plugins_) {
        stopping.emplace_back([&all_back, plugin = entry.second.get()] {
            if (!plugin->stop()) {
                all_back = false;
            }
        });
    }
    for (std::thread& thread : stopping) {
        thread.join();
    }
    return all_back;
}

const Connector* Registry::find(const TenantId& tenant, const ConnectorKey& key) const {
    const auto of_tenant = tenants_.find(tenant);
    if (of_tenant == tenants_.end()) {
        return nullptr;
    }
    const auto found = of_tenant->second.connectors.find(key);
    return found == of_tenant->second.connectors.end() ? nullptr : found->second.get();
}

const std::vector<const Connector*>& Registry::enabled(const TenantId& tenant, std::string_view capability) const {
    static const std::vector<const Connector*> none;
    const auto of_tenant = tenants_.find(tenant);
    if (of_tenant == tenants_.end()) {
        return none;
    }
    const auto found = of_tenant->second.by_capability.find(capability);
    return found == of_tenant->second.by_capability.end() ? none : found->second;
}

std::vector<const Connector*> Registry::connectors(const TenantId& tenant) const {
    std::vector<const Connector*> all;
    if (const auto of_tenant = tenants_.find(tenant); of_tenant != tenants_.end()) {
        for (const auto& [key, connector] : of_tenant->second.connectors) {
            all.push_back(connector.get());
        }
    }
    return all;
}

Result<void> Registry::lift_quarantine(const PluginId& id) {
    const auto found = plugins_.find(id);
    if (found == plugins_.end()) {
        std::vector<std::string> known;
        for (const auto& [name, plugin] : plugins_) {
            known.push_back(name.str());
        }
        return Error(Code::not_found, "invalid_arguments", "There is no such plugin.").allowed(std::move(known));
    }
    return found->second->lift_quarantine();
}

std::vector<PluginStatus> Registry::plugins() const {
    std::vector<PluginStatus> all;
    for (const auto& [id, plugin] : plugins_) {
        all.push_back(plugin->status());
    }
    return all;
}

}  // namespace quell::plugins
