// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/trail.hpp"
#include "base/network.hpp"
#include "base/secret_string.hpp"
#include "identity/lifetimes.hpp"
#include "identity/principal.hpp"
#include "identity/revocation.hpp"
#include "store/store.hpp"

namespace quell::identity {

// A static key as administrators see it; never the key itself.
struct ApiKey {
    std::string id;
    std::string name;
    std::string email;  // whose
    TenantId tenant;
    ScopeSet scopes;
    std::vector<std::string> networks;  // from where; empty: anywhere
    std::string created_by;
    WallTime created_at{};
    std::optional<WallTime> expires_at;
    std::optional<WallTime> last_used_at;  // then, or up to a minute later
};

struct NewApiKey {
    TenantId tenant;
    std::string email;
    std::string name;
    ScopeSet scopes;
    std::vector<Network> networks{};
    std::optional<WallTime> expires_at{};
};

struct CreatedApiKey {
    ApiKey key;
    SecretString secret;  // shown this once
};

// Static keys of users, for clients that send a header and know no OAuth (E15 to E20). A key acts as its user, within
// its scopes and the user's role of the moment. Only its SHA-256 is stored. Any thread; all block. `actor` is a
// principal's id.
class ApiKeys {
  public:
    ApiKeys(store::Store& store, audit::Trail& trail, RevocationClock& clock, Now now = wall_now)
        : store_(store), trail_(trail), clock_(clock), now_(std::move(now)) {}

    Result<CreatedApiKey> create_and_wait(const NewApiKey& wanted, std::string_view actor);
    Result<std::vector<ApiKey>> list(const TenantId& tenant) const;
    // By the key itself, as it may act now; nullopt if it may not.
    Result<std::optional<ApiKey>> find(std::string_view secret) const;
    // The next use is refused.
    Result<void> remove_and_wait(const TenantId& tenant, std::string_view id, std::string_view actor);
    // The panic button (E20): the key gets a new secret, and everything else that acts for its user, in every tenant,
    // ends at once: OAuth tokens, consents, logins, other keys.
    Result<CreatedApiKey> rotate_and_wait(const TenantId& tenant, std::string_view id, std::string_view actor);

  private:
    store::Store& store_;
    audit::Trail& trail_;
    RevocationClock& clock_;
    Now now_;
};

}  // namespace quell::identity
