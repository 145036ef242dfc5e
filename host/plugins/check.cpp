// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/check.hpp"

#include "egress/connector_http.hpp"
#include "json/nearest.hpp"
#include "plugins/catalog.hpp"
#include "plugins/connector_settings.hpp"
#include "plugins/refusal.hpp"
#include "plugins/secret_references.hpp"

namespace quell::plugins {
namespace {

using Manifests = std::map<PluginId, Manifest>;
using Diagnostics = std::vector<config::Diagnostic>;

config::Diagnostic at(const config::SourcePosition& position, std::string message) {
    return {position.file, position.line, position.column, std::move(message)};
}

Result<Manifest> read_manifest(const PluginId& id, const config::PluginSettings& plugin,
                               const std::filesystem::path& directory) {
    TRY(const PluginFile file, open_pinned(directory, plugin.library, plugin.sha256));
    TRY(Manifest manifest, parse_manifest(file.manifest));
    if (manifest.id != id) {
        return refused("the file is the plugin `" + manifest.id.str() + "`");
    }
    return manifest;
}

Manifests read_manifests(const config::Settings& settings, Diagnostics& found) {
    Manifests manifests;
    for (const auto& [id, plugin] : settings.plugins) {
        auto manifest = read_manifest(id, plugin, settings.plugin_trust.directory);
        if (manifest) {
            manifests.emplace(id, std::move(*manifest));
        } else {
            found.push_back(at(plugin.position, "[plugins." + id.str() + "] " + plugin.library.string() + ": " +
                                                    manifest.error()->message));
        }
    }
    return manifests;
}

// Where the pointer is written, or the nearest table around it.
const config::SourcePosition& position_of(const config::ConnectorSettings& connector, std::string pointer) {
    for (;;) {
        const auto found = connector.positions.find(pointer);
        if (found != connector.positions.end()) {
            return found->second;
        }
        if (pointer.empty()) {
            return connector.position;
        }
        pointer.resize(pointer.rfind('/') == std::string::npos ? 0 : pointer.rfind('/'));
    }
}

std::string no_such_plugin(const config::ConnectorSettings& connector, const config::Settings& settings) {
    std::vector<std::string_view> names;
    for (const auto& [id, plugin] : settings.plugins) {
        names.push_back(id.str());
    }
    return "there is no [plugins." + connector.plugin.str() + "] in quell.toml" +
           json::nearest_hint(connector.plugin.str(), names);
}

// The parts of egress::ConnectorHttp::make that need no client. Credentials are not read where secrets are not to be had.
Result<void> check_way_out(egress::ConnectorHttp::Options& options, bool has_secrets) {
    TRY(const auto wanted, egress::expand_egress(options.manifest_egress, options.values));
    TRY(const auto destinations,
        egress::Destinations::make(wanted, options.admin_egress, options.allow_insecure_loopback));
    TRY(const auto posts, egress::ReadOnlyPosts::make(options.read_only_posts, options.values));
    if (has_secrets) {
        TRY(const auto profiles, egress::read_profiles(options.auth, options.values));
    }
    return {};
}

// Stand in for what only a running backend gives.
FetchedSecrets stand_ins(const std::vector<SecretReference>& references) {
    FetchedSecrets values;
    for (const SecretReference& reference : references) {
        values.emplace(reference.setting, SecretString("-"));
    }
    return values;
}

void check_references(const config::ConnectorSettings& connector, const config::TenantSettings& tenant,
                      const std::vector<SecretReference>& references, const Manifests& manifests, Diagnostics& found) {
    const ManifestOf manifest_of = [&manifests](const config::ConnectorSettings& of) {
        const auto manifest = manifests.find(of.plugin);
        return manifest == manifests.end() ? nullptr : &manifest->second;
    };
    for (const SecretReference& reference : references) {
        if (const auto objection = find_objection(reference, connector, tenant, manifest_of)) {
            found.push_back(at(position_of(connector, "/" + reference.setting), "[connectors." + connector.key.str() + "] " + *objection));
        }
    }
}

void check_connector(const config::ConnectorSettings& connector, const config::TenantSettings& tenant,
                     const config::PluginSettings& plugin, const Manifests& manifests, Diagnostics& found) {
    const Manifest& manifest = manifests.at(connector.plugin);
    const auto mistakes = find_mistakes(connector, manifest);
    const std::string table = "[connectors." + connector.key.str() + "] ";
    for (const SettingsMistake& mistake : mistakes) {
        found.push_back(at(position_of(connector, mistake.pointer), table + mistake.message));
    }
    if (!mistakes.empty()) {
        return;
    }
    const auto references = find_references(connector, manifest);
    check_references(connector, tenant, references, manifests, found);
    const FetchedSecrets fetched = stand_ins(references);
    if (const auto config = read_config(connector, plugin, manifest, fetched); !config) {
        found.push_back(at(connector.position, table + config.error()->message));
    }
    auto options = read_http_options(connector, plugin, manifest, fetched);
    const auto way_out = options ? check_way_out(*options, references.empty()) : Result<void>(options.error());
    if (!way_out) {
        found.push_back(at(connector.position, table + way_out.error()->message));
        return;
    }
    for (const std::string& destination : destinations_not_listed(*options)) {
        found.push_back(at(connector.position, table + "its settings need `" + destination + "`, which [plugins." +
                                                   connector.plugin.str() + "] egress does not list"));
    }
}

}  // namespace

std::vector<config::Diagnostic> check_plugins(const config::Settings& settings) {
    Diagnostics found;
    const Manifests manifests = read_manifests(settings, found);
    for (const auto& [id, tenant] : settings.tenants) {
        for (const auto& [key, connector] : tenant.connectors) {
            const auto plugin = settings.plugins.find(connector.plugin);
            if (plugin == settings.plugins.end()) {
                found.push_back(at(connector.position, no_such_plugin(connector, settings)));
            } else if (manifests.contains(connector.plugin)) {
                check_connector(connector, tenant, plugin->second, manifests, found);
            }
        }
    }
    return found;
}

}  // namespace quell::plugins
