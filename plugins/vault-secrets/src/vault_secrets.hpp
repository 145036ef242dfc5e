// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <quell/health.hpp>
#include <quell/secret_backend.hpp>
#include <quell/settings.hpp>
#include <string>

#include "secret_place.hpp"
#include "vault_api.hpp"

namespace vault_secrets {

// Secrets of HashiCorp Vault or OpenBao: KV version 2, and credentials of the database engine.
// Immutable: calls may overlap. Sees secrets in transit, never those that it logs in with.
class VaultSecrets : public quell::SecretBackend, public quell::Health {
  public:
    static quell::Result<std::unique_ptr<VaultSecrets>> create(const quell::Settings& settings);
    VaultSecrets(VaultApi api, Places places, bool logs_in)
        : api_(std::move(api)), places_(std::move(places)), logs_in_(logs_in) {}

    quell::Result<quell::SecretDescription> describe(quell::Call& call,
                                                     const quell::SecretPath& secret) override;
    quell::Result<quell::SecretNames> list(quell::Call& call,
                                           const quell::SecretPath& folder) override;
    quell::Result<quell::SecretContent> read(quell::Call& call,
                                             const quell::SecretRead& request) override;
    quell::Result<quell::SecretWritten> write(quell::Call& call,
                                              const quell::SecretWrite& request) override;
    quell::Result<quell::SecretWritten> rotate(quell::Call& call,
                                               const quell::SecretRotation& request) override;
    quell::Result<quell::RenewedLease> renew(quell::Call& call,
                                             const quell::SecretHold& hold) override;
    quell::Result<void> revoke(quell::Call& call, const quell::SecretHold& hold) override;
    quell::Result<quell::WrappedSecret> wrap(quell::Call& call,
                                             const quell::SecretWrap& request) override;
    quell::Result<quell::HealthReport> check(quell::Call& call) override;

  private:
    quell::Result<SecretPlace> versioned(const std::string& path) const;
    quell::Result<quell::SecretContent> read_kv(quell::Call& call, const SecretPlace& place,
                                                std::optional<std::int64_t> version) const;
    quell::Result<quell::SecretContent> read_database(quell::Call& call,
                                                      const SecretPlace& place) const;
    quell::Result<quell::SecretWritten> put(quell::Call& call, const SecretPlace& place,
                                            const std::vector<quell::SecretField>& fields,
                                            std::optional<std::int64_t> expected) const;
    quell::Result<void> change_versions(quell::Call& call, const quell::SecretHold& hold,
                                        const std::string& operation) const;

    VaultApi api_;
    Places places_;
    bool logs_in_;  // else it has a token that nobody renews
};

}  // namespace vault_secrets
