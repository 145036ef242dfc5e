// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "store/statement.hpp"

namespace quell::store {

// An OAuth client. Words (kind, grant types) are those of the wire; scopes are the bits of identity::ScopeSet.
struct ClientRow {
    ClientId id;
    TenantId tenant;   // empty: of no tenant
    std::string kind;  // static, dynamic, metadata, shared
    std::string name;
    std::optional<Digest> secret_hash;  // none: a public client, or one with keys
    std::vector<std::string> redirect_uris;
    std::vector<std::string> grant_types;
    std::uint16_t scopes = 0;  // the most it may ever get
    std::string created_by;   // a principal's id
    WallTime created_at{};
    std::optional<WallTime> last_used_at;
    std::optional<std::string> jwks{};  // public keys, as JSON text
};

// V28: what tells an unused client.
struct ClientSummary {
    ClientRow client;
    std::int64_t live_tokens = 0;  // access tokens that still work; in this tenant, if the client is of none
};

Result<void> insert_client(Transaction& transaction, const ClientRow& row);
// For clients that describe themselves anew: what it may do takes the place of what is known; who made it and when stays.
Result<void> save_client(Transaction& transaction, const ClientRow& row);
Result<std::optional<ClientRow>> find_client(Reader& reader, const ClientId& id);
// The tenant's own, and those of no tenant that somebody in it consented to.
Result<std::vector<ClientSummary>> list_clients(Reader& reader, const TenantId& tenant, WallTime now);
// V24: tokens stay. False if the tenant has no such client.
Result<bool> set_client_secret(Transaction& transaction, const TenantId& tenant, const ClientId& id,
                               const Digest& secret_hash);
// V25: its codes, consents, families and tokens go in the same transaction. Of a client of no tenant what it holds in
// this one, and the client with the last tenant that knows it. False if the tenant has no such client.
Result<bool> delete_client(Transaction& transaction, const TenantId& tenant, const ClientId& id);
// Clients that made themselves known before that moment and never got a token; at most `limit`. Returns how many went.
Result<std::int64_t> delete_unused_clients(Transaction& transaction, WallTime before, std::int64_t limit);
// How many of those there are, of any age.
Result<std::int64_t> count_unused_clients(Reader& reader);
// Notes a use; an older time than the noted one changes nothing.
Result<void> touch_client(Transaction& transaction, const ClientId& id, WallTime now);

}  // namespace quell::store
