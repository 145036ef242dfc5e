// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/trail.hpp"
#include "base/clock.hpp"
#include "base/secret_string.hpp"
#include "identity/lifetimes.hpp"
#include "identity/principal.hpp"
#include "identity/redirect_uri.hpp"
#include "identity/revocation.hpp"
#include "store/store.hpp"

namespace quell::identity {

// How a client came to be: by an administrator's hand; by registration (RFC 7591) or an administrator's consent; by a
// document at its own address; by the setting of one client for everybody.
enum class ClientKind : std::uint8_t { static_client, dynamic, metadata, shared };

std::string_view to_string(ClientKind kind);  // "static", "dynamic", "metadata", "shared"

enum class GrantType : std::uint8_t { authorization_code, refresh_token, client_credentials };

std::string_view to_string(GrantType grant);
std::optional<GrantType> parse_grant_type(std::string_view text);

// An OAuth client as the authorization server sees it.
struct Client {
    ClientId id;
    ClientKind kind = ClientKind::static_client;
    TenantId tenant;  // empty: of no tenant; people of any may consent
    std::string name;
    bool confidential = false;  // has a secret or keys
    std::vector<RedirectUri> redirect_uris;
    std::vector<GrantType> grants;
    ScopeSet scopes;  // the most it may ever get
    WallTime created_at{};
    std::optional<WallTime> last_used_at;  // it got a token then, or up to a minute later
    std::string jwks{};                    // its public keys as JSON text, in place of a secret; empty: none

    bool may_use(GrantType grant) const;
};

// A client as administrators see it (V28); never with its secret.
struct ListedClient {
    Client client;
    std::string created_by;
    std::int64_t tokens = 0;               // access tokens that are alive
};

struct NewClient {
    TenantId tenant;
    std::string name;
    std::vector<std::string> redirect_uris;
    ScopeSet scopes;
    bool confidential = true;
    // Empty: authorization_code and refresh_token with redirect URIs, client_credentials without any.
    std::vector<GrantType> grants{};
    std::string jwks{};  // a JWK Set: it signs with these keys and gets no secret
};

struct CreatedClient {
    Client client;
    SecretString secret;  // shown this once (V19); empty for a public client and one with keys
};

// Static clients (V17 to V19), all kinds seen and ended (V24 to V28). Any thread; *_and_wait blocks until the change and
// its audit record are durable. `actor` is a principal's id. Refuses redirect URIs as RedirectUri does.
class Clients {
  public:
    Clients(store::Store& store, audit::Trail& trail, RevocationClock& clock, Now now = wall_now)
        : store_(store), trail_(trail), clock_(clock), now_(std::move(now)) {}

    Result<CreatedClient> create_and_wait(const NewClient& wanted, std::string_view actor);
    Result<std::vector<ListedClient>> list(const TenantId& tenant) const;
    // With the client go its codes, families and tokens; the next use of any is refused (V25, OA-21). A client of no
    // tenant loses what it holds in this one.
    Result<void> remove_and_wait(const TenantId& tenant, const ClientId& id, std::string_view actor);
    // The old secret stops at once, issued tokens live on (V24). Refused for a client without one.
    Result<SecretString> regenerate_secret_and_wait(const TenantId& tenant, const ClientId& id, std::string_view actor);

    Result<std::optional<Client>> find(std::string_view id) const;
    // The client if it proves itself: a confidential one with its secret, a public one with none; never one with keys.
    // One read and one
    // SHA-256, no slow hash: secrets are 256 random bits.
    Result<std::optional<Client>> authenticate(std::string_view id, std::string_view secret) const;

  private:
    store::Store& store_;
    audit::Trail& trail_;
    RevocationClock& clock_;
    Now now_;
};

}  // namespace quell::identity
