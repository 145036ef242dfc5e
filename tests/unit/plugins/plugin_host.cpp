// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/plugin_host.hpp"

#include "json/parse.hpp"
#include "json/serialize.hpp"
#include "plugins/catalog.hpp"

namespace quell::plugins::test {

std::string digest_of(const std::string& library) {
    const auto file = open_plugin(QUELL_TEST_PLUGINS, library);
    return file ? file->sha256 : "";
}

void PluginHost::add_plugin(const std::string& id, config::Isolation isolation) {
    settings_.plugin_trust.directory = QUELL_TEST_PLUGINS;
    config::PluginSettings plugin;
    plugin.library = id + ".so";
    plugin.sha256 = digest_of(id + ".so");
    plugin.isolation = isolation;
    plugin.egress = {"api.example.com:443"};
    settings_.plugins.emplace(PluginId(id), std::move(plugin));
}

void PluginHost::add_connector(const std::string& key, const std::string& plugin, json::Object settings) {
    config::TenantSettings& tenant = settings_.tenants[TenantId("acme")];
    tenant.id = TenantId("acme");
    config::ConnectorSettings connector;
    connector.key = ConnectorKey(key);
    connector.plugin = PluginId(plugin);
    connector.settings = std::move(settings);
    tenant.connectors.emplace(connector.key, std::move(connector));
}

Result<json::Value> PluginHost::resolve(const std::string& hostname, CallOptions options, const std::string& key) {
    return connector(key).call_and_wait(
        kDeviceContainment, "resolve",
        json::serialize(json::Object{{"lookup", {{"lookup_type", "hostname"}, {"value", hostname}}}}), std::move(options));
}

std::string PluginHost::kind_of(const McpEvent& event) {
    return std::string(json::text(json::parse(event.document).value().at("kind")));
}

CallOptions within(std::chrono::milliseconds time) {
    CallOptions options;
    options.deadline = std::chrono::steady_clock::now() + time;
    return options;
}

}  // namespace quell::plugins::test
