// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

#include "audit/trail.hpp"
#include "base/task.hpp"
#include "identity/client_metadata.hpp"
#include "identity/clients.hpp"
#include "identity/lifetimes.hpp"
#include "store/store.hpp"

namespace quell::identity {

// Clients that register themselves (RFC 7591). They belong to no tenant and can do nothing until a person consents, in
// a tenant of theirs; those that never get a token are removed (store::delete_unused_clients). Any I/O thread.
class Registration {
  public:
    Registration(store::Store& store, audit::Trail& trail, Now now = wall_now)
        : store_(store), trail_(trail), now_(std::move(now)) {}

    // The client with its secret, if its auth method has one; durable, in the host's audit chain. `uris` are those of
    // `wanted`, checked; `actor` is who registers ("registration", "initial_token:<id>"). rate_limited while too many
    // registered clients were never used.
    base::Task<CreatedClient> add(ClientMetadata wanted, std::vector<RedirectUri> uris, std::string actor);

  private:
    store::Store& store_;
    audit::Trail& trail_;
    Now now_;
};

}  // namespace quell::identity
