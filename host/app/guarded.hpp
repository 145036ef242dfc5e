// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>

#include "approvals/service.hpp"
#include "audit/trail.hpp"
#include "config/settings.hpp"
#include "metrics/registry.hpp"
#include "secrets/service.hpp"
#include "store/store.hpp"

namespace quell::app {

// Approvals and guarded secrets, put together: one for a host, across reloads of its settings.
class Guarded {
  public:
    struct Base {
        store::Store& store;
        audit::Trail& trail;
        metrics::Registry& metrics;
        // Of that moment; held while it is used.
        std::function<std::shared_ptr<const config::Settings>()> settings;
        const secrets::Backends& backends;
    };
    // Reads the keys of [secret_store]; connector_misconfigured if one cannot be read.
    static Result<std::unique_ptr<Guarded>> make(const config::Settings& settings, Base base);

    // For housekeeping: what waited or lay too long. Returns how many.
    Result<std::int64_t> expire(store::Transaction& transaction, std::int64_t limit);

    approvals::Service approvals;
    secrets::AccessLog log;
    secrets::KeyRing keys;
    secrets::BuiltIn built_in;
    secrets::Service secrets;

  private:
    Guarded(secrets::KeyRing ring, const std::string& public_url, Base base);
};

// The keys of the built-in store, the present one first; the store's own key is always among them.
Result<secrets::KeyRing> read_key_ring(const config::Settings& settings);

}  // namespace quell::app
