// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "identity/lifetimes.hpp"
#include "secrets/backend.hpp"
#include "secrets/key_ring.hpp"
#include "store/secrets.hpp"
#include "store/store.hpp"

namespace quell::secrets {

// Values in the host's own store, sealed with AES-256-GCM for their tenant, name and version; the path is the resource's
// name. Older versions stay and can be read again. Owned by app; what it refers to outlives it.
class BuiltIn final : public Backend {
  public:
    BuiltIn(store::Store& store, const KeyRing& keys, identity::Now now = wall_now)
        : store_(store), keys_(keys), now_(std::move(now)) {}

    base::Task<Value> read(Location where) override;
    base::Task<Written> write(Location where, SecretString value) override;
    base::Task<Written> rotate(Location where) override;
    base::Task<void> revoke(TenantId tenant, std::string lease_id) override;

    // For threads that may not wait: settings that refer to the store.
    Result<Value> read_now(const Location& where) const;

    // Seals with the present key what is sealed with an earlier one; at most `limit` at a time. How many there were.
    Result<std::int64_t> reseal_and_wait(std::int64_t limit);

  private:
    Result<std::int64_t> add(store::Transaction& transaction, const Location& where, std::string_view value);

    store::Store& store_;
    const KeyRing& keys_;
    identity::Now now_;
};

}  // namespace quell::secrets
