// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <map>
#include <span>
#include <vector>

#include "base/task.hpp"
#include "plugins/session_revocation.hpp"

namespace quell::plugins {
class Registry;
}

namespace quell::revocation {

// One enabled connector of a tenant that revokes sessions.
struct Profile {
    ConnectorKey key;
    std::size_t max_batch = 1;
};

// How revocation reaches accounts: the connectors of host/plugins, or a test's fakes. Any thread. A disabled connector
// is not among the enabled ones and cannot be called (V62).
class AccountConnectors {
  public:
    virtual ~AccountConnectors() = default;
    // By key; valid as long as this object.
    virtual std::span<const Profile> enabled(const TenantId& tenant) const = 0;

    virtual base::Task<std::vector<plugins::Account>> resolve(const TenantId& tenant, const ConnectorKey& key,
                                                              std::string username,
                                                              plugins::CallOptions options) = 0;
    virtual base::Task<std::vector<plugins::AccountOutcome>> revoke(const TenantId& tenant, const ConnectorKey& key,
                                                                    plugins::Revocation order,
                                                                    plugins::CallOptions options) = 0;
};

// The real ones. The registry outlives this object.
class PluginAccounts final : public AccountConnectors {
  public:
    PluginAccounts(const plugins::Registry& registry, std::span<const TenantId> tenants);

    std::span<const Profile> enabled(const TenantId& tenant) const override;
    base::Task<std::vector<plugins::Account>> resolve(const TenantId& tenant, const ConnectorKey& key,
                                                      std::string username, plugins::CallOptions options) override;
    base::Task<std::vector<plugins::AccountOutcome>> revoke(const TenantId& tenant, const ConnectorKey& key,
                                                            plugins::Revocation order,
                                                            plugins::CallOptions options) override;

  private:
    const plugins::Registry& registry_;
    std::map<TenantId, std::vector<Profile>> profiles_;
};

}  // namespace quell::revocation
