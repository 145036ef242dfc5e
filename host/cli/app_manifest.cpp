// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/app_manifest.hpp"

#include <map>

#include "json/read.hpp"
#include "plugins/catalog.hpp"
#include "plugins/manifest.hpp"

namespace quell::cli {
namespace {

using Words = std::map<std::string, std::string>;

void put_in(std::string& text, const Words& words) {
    for (const auto& [name, value] : words) {
        for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
            text.replace(at, name.size(), value);
        }
    }
}

json::Value filled(const json::Value& value, const Words& words) {
    if (const json::Object* object = value.if_object()) {
        json::Object copy;
        for (const auto& member : *object) {
            copy[member.key()] = filled(member.value(), words);
        }
        return copy;
    }
    if (const json::Array* array = value.if_array()) {
        json::Array copy;
        for (const json::Value& element : *array) {
            copy.push_back(filled(element, words));
        }
        return copy;
    }
    if (!value.is_string()) {
        return value;
    }
    std::string text(json::text(value));
    put_in(text, words);
    return json::Value(text);
}

Result<const config::TenantSettings*> find_tenant(const config::Settings& settings, const std::string& name) {
    if (name.empty() && settings.tenants.size() == 1) {
        return &settings.tenants.begin()->second;
    }
    const auto found = settings.tenants.find(TenantId(name));
    if (found == settings.tenants.end()) {
        std::vector<std::string> known;
        for (const auto& [id, tenant] : settings.tenants) {
            known.push_back(id.str());
        }
        return invalid_arguments("Name a tenant with --tenant.").allowed(std::move(known));
    }
    return &found->second;
}

Result<const config::ConnectorSettings*> find_connector(const config::TenantSettings& tenant, const std::string& key) {
    const auto found = tenant.connectors.find(ConnectorKey(key));
    if (found == tenant.connectors.end()) {
        std::vector<std::string> known;
        for (const auto& [name, connector] : tenant.connectors) {
            known.push_back(name.str());
        }
        return invalid_arguments("The tenant has no connector of that name.").allowed(std::move(known));
    }
    return &found->second;
}

Result<plugins::Manifest> read_manifest(const config::Settings& settings, const PluginId& id) {
    const auto found = settings.plugins.find(id);
    if (found == settings.plugins.end()) {
        return invalid_arguments("There is no [plugins." + id.str() + "] in quell.toml.");
    }
    TRY(const plugins::PluginFile file, plugins::open_plugin(settings.plugin_trust.directory, found->second.library));
    return plugins::parse_manifest(file.manifest);
}

}  // namespace

Result<json::Value> app_manifest(const config::Settings& settings, const std::string& tenant_name, const std::string& connector_key) {
    TRY(const config::TenantSettings* tenant, find_tenant(settings, tenant_name));
    TRY(const config::ConnectorSettings* connector, find_connector(*tenant, connector_key));
    TRY(const plugins::Manifest manifest, read_manifest(settings, connector->plugin));
    if (manifest.app_manifest.empty()) {
        return invalid_arguments("The plugin `" + connector->plugin.str() + "` has nothing to enter at its provider.");
    }
    return filled(manifest.app_manifest, {{"{public_url}", settings.server.public_url},
                                          {"{tenant}", tenant->id.str()},
                                          {"{connector}", connector->key.str()}});
}

}  // namespace quell::cli
