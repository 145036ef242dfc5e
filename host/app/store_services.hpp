// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>

#include "audit/trail.hpp"
#include "config/settings.hpp"
#include "crypto/seal.hpp"
#include "identity/clients.hpp"
#include "identity/password_pool.hpp"
#include "identity/revocation.hpp"
#include "identity/users.hpp"
#include "store/store.hpp"

namespace quell::app {

// What a command needs without a running host: the store under its exclusive lock, the key, the audit trail, and the
// people and clients in it. A running host has one too, and builds the rest upon it. Members are made top down and
// end bottom up.
class StoreServices {
  public:
    // Reads the key and opens the store of these settings; see Store::open for the failures.
    static Result<std::unique_ptr<StoreServices>> open(const config::Settings& settings);

    const config::Settings& settings;
    crypto::SealingKey key;
    std::unique_ptr<store::Store> store;
    audit::Trail trail;
    identity::RevocationClock revocations;
    identity::PasswordPool passwords;
    identity::Users users;
    identity::Clients clients;

  private:
    StoreServices(const config::Settings& given, crypto::SealingKey sealing_key, std::unique_ptr<store::Store> opened);
};

}  // namespace quell::app
