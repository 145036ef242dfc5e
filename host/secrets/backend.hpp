// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "base/task.hpp"
#include "base/trace_context.hpp"

namespace quell::secrets {

// Where a value lies in a backend. The tenant is the caller's own, from its credentials, never from a name (PL-10).
struct Location {
    TenantId tenant;
    std::string path;   // "kv/acme/crowdstrike"
    std::string field;  // "client_secret"; the built-in store has none
    std::string actor{};       // a principal's id, for who made a version
    TraceContext trace{};
    std::optional<WallTime> until{};  // when the reader's grant ends; none: there is no grant
};

struct Value {
    SecretString text;
    std::string version;      // in the backend's own words
    // Of a value that was made for this one reader, which is ended with the grant; empty: it has none.
    std::string lease_id{};
    std::chrono::seconds lease{0};
};

struct Written {
    std::string version;
};

// What keeps values: the built-in store, or a plugin with secret_backend/1. It knows no rule, no approval and no caller: the
// service has decided and recorded before it asks. No message of an error holds a value. Errors: secret_not_found,
// secret_backend_sealed (retryable), connector_unavailable, action_not_supported, and those of plugins. Tasks run on the
// io_context that started them. Outlives its calls.
class Backend {
  public:
    virtual ~Backend() = default;
    virtual base::Task<Value> read(Location where) = 0;
    // Makes the value if there is none.
    virtual base::Task<Written> write(Location where, SecretString value) = 0;
    // A new value that the backend, or the host, draws at random.
    virtual base::Task<Written> rotate(Location where) = 0;
    // Ends a lease before its time.
    virtual base::Task<void> revoke(TenantId tenant, std::string lease_id) = 0;
};

// The tenant's backend behind a connector key, held while it is used; null if there is none.
class Backends {
  public:
    virtual ~Backends() = default;
    virtual std::shared_ptr<Backend> find(const TenantId& tenant, std::string_view connector) const = 0;
};

}  // namespace quell::secrets
