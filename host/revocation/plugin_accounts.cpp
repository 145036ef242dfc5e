// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/failed.hpp"
#include "plugins/registry.hpp"
#include "revocation/account_connectors.hpp"

namespace quell::revocation {
namespace {

Error gone(const ConnectorKey& key) {
    return {Code::failed_precondition, "connector_not_enabled", "`" + key.str() + "` is not enabled any more."};
}

}  // namespace

PluginAccounts::PluginAccounts(const plugins::Registry& registry, std::span<const TenantId> tenants)
    : registry_(registry) {
    for (const TenantId& tenant : tenants) {
        std::vector<Profile>& profiles = profiles_[tenant];
        for (const plugins::Connector* connector : registry.enabled(tenant, plugins::kSessionRevocation)) {
            if (const auto& manifest = connector->manifest().session_revocation) {
                profiles.push_back({connector->key(), std::max<std::size_t>(manifest->max_batch, 1)});
            }
        }
    }
}

std::span<const Profile> PluginAccounts::enabled(const TenantId& tenant) const {
    const auto found = profiles_.find(tenant);
    return found == profiles_.end() ? std::span<const Profile>() : found->second;
}

base::Task<std::vector<plugins::Account>> PluginAccounts::resolve(const TenantId& tenant, const ConnectorKey& key,
                                                                  std::string username,
                                                                  plugins::CallOptions options) {
    const plugins::Connector* const connector = registry_.find(tenant, key);
    if (connector == nullptr) {
        return base::failed<std::vector<plugins::Account>>(gone(key));
    }
    return plugins::resolve_accounts(*connector, username, std::move(options));
}

base::Task<std::vector<plugins::AccountOutcome>> PluginAccounts::revoke(const TenantId& tenant,
                                                                        const ConnectorKey& key,
                                                                        plugins::Revocation order,
                                                                        plugins::CallOptions options) {
    const plugins::Connector* const connector = registry_.find(tenant, key);
    if (connector == nullptr) {
        return base::failed<std::vector<plugins::AccountOutcome>>(gone(key));
    }
    return plugins::revoke(*connector, order, std::move(options));
}

}  // namespace quell::revocation
