// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/secret_references.hpp"

#include <set>

#include "json/nearest.hpp"
#include "plugins/secret_backend.hpp"

namespace quell::plugins {
namespace {

const config::ConnectorSettings* find(const config::TenantSettings& tenant, const std::string& key) {
    const auto found = tenant.connectors.find(ConnectorKey(key));
    return found == tenant.connectors.end() ? nullptr : &found->second;
}

std::string unknown(const SecretReference& reference, const config::TenantSettings& tenant) {
    std::vector<std::string_view> keys;
    for (const auto& [key, connector] : tenant.connectors) {
        keys.push_back(key.str());
    }
    return "`" + reference.setting + "` refers to `" + reference.where.connector +
           "`, but the tenant has no such connector" + json::nearest_hint(reference.where.connector, keys);
}

// Whether the connector `at` needs a secret of `wanted`, over however many steps.
bool leads_to(const config::ConnectorSettings& at, const ConnectorKey& wanted, const config::TenantSettings& tenant,
              const ManifestOf& manifest_of, std::set<ConnectorKey>& seen) {
    if (at.key == wanted) {
        return true;
    }
    const Manifest* manifest = manifest_of(at);
    if (manifest == nullptr || !seen.insert(at.key).second) {
        return false;
    }
    for (const SecretReference& reference : find_references(at, *manifest)) {
        const auto* next = find(tenant, reference.where.connector);
        if (next != nullptr && leads_to(*next, wanted, tenant, manifest_of, seen)) {
            return true;
        }
    }
    return false;
}

}  // namespace

std::vector<SecretReference> find_references(const config::ConnectorSettings& settings, const Manifest& manifest) {
    std::vector<SecretReference> references;
    for (const std::string& name : manifest.settings.secrets()) {
        const json::Value* value = settings.settings.if_contains(name);
        if (value == nullptr) {
            continue;
        }
        const auto parsed = config::parse_secret_reference(*value);
        if (parsed && parsed->source == config::SecretRef::Source::secret) {
            references.push_back({name, *config::parse_backend_secret(parsed->name)});
        }
    }
    return references;
}

std::optional<std::string> find_objection(const SecretReference& reference, const config::ConnectorSettings& from,
                                          const config::TenantSettings& tenant, const ManifestOf& manifest_of) {
    if (reference.where.connector == config::kBuiltInStore) {
        return std::nullopt;
    }
    const auto* backend = find(tenant, reference.where.connector);
    if (backend == nullptr) {
        return unknown(reference, tenant);
    }
    const std::string start = "`" + reference.setting + "` refers to the connector `" + reference.where.connector + "`, which ";
    if (!backend->enabled) {
        return start + "is not enabled";
    }
    std::set<ConnectorKey> seen;
    if (leads_to(*backend, from.key, tenant, manifest_of, seen)) {
        return start + (backend->key == from.key ? "is the same one" : "itself needs a secret of `" + from.key.str() + "`");
    }
    const Manifest* manifest = manifest_of(*backend);
    if (manifest != nullptr && !manifest->has(kSecretBackend)) {
        return start + "keeps no secrets: its plugin `" + backend->plugin.str() + "` has no " + std::string(kSecretBackend);
    }
    return std::nullopt;
}

}  // namespace quell::plugins
