// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "secrets/backend.hpp"
#include "secrets/lease_ender.hpp"

namespace quell::secrets {

// Connectors whose plugins have secret_backend/1 (docs/admin/vault.md). The field `*` is all fields as a JSON object, for
// credentials that are of no use one by one. Any thread; what it refers to outlives it.
class PluginBackends final : public Backends {
  public:
    PluginBackends(PresentRegistry registry, LeaseEnder& leases) : registry_(std::move(registry)), leases_(leases) {}
    std::shared_ptr<Backend> find(const TenantId& tenant, std::string_view connector) const override;

  private:
    const PresentRegistry registry_;
    LeaseEnder& leases_;
};

}  // namespace quell::secrets
