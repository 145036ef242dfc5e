// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <vector>

#include "audit/trail.hpp"
#include "config/settings.hpp"
#include "containment/service.hpp"
#include "crypto/seal.hpp"
#include "egress/http_client.hpp"
#include "identity/clients.hpp"
#include "identity/password_pool.hpp"
#include "identity/revocation.hpp"
#include "identity/users.hpp"
#include "orders/orders.hpp"
#include "plugins/registry.hpp"
#include "revocation/service.hpp"
#include "store/store.hpp"

namespace quell::app {

// Everything behind the doors. A running host starts it; the `quell` program, where no host runs, opens it under the
// store's exclusive lock and uses what needs no provider. Members are made top down and end bottom up.
class Services {
  public:
    // Reads the key, opens the store (see Store::open for the failures), verifies the plugins' files. Runs no plugin
    // code and starts no thread but the store's. Settling of orders will run on `settling`.
    static Result<std::unique_ptr<Services>> open(const config::Settings& settings, boost::asio::io_context& settling);

    // The key of [store]: seals PINs and anchors the audit heads.
    static Result<crypto::SealingKey> read_key(const config::Settings& settings);

    // Starts runners and egress, and takes up the orders that an earlier process left open.
    Result<void> start();
    // The reverse; false if in-process plugin code did not come back: end the process without destructors then.
    bool stop();

    const config::Settings& settings;
    crypto::SealingKey key;
    std::unique_ptr<store::Store> store;
    audit::Trail trail;
    identity::RevocationClock revocations;
    identity::PasswordPool passwords;
    identity::Users users;
    identity::Clients clients;
    egress::HttpClient http;
    plugins::Registry registry;
    orders::Orders orders;
    containment::PluginDevices devices;
    containment::Containment containment;
    revocation::PluginAccounts accounts;
    revocation::Revocation revocation;

  private:
    Services(const config::Settings& given, crypto::SealingKey sealing_key, std::unique_ptr<store::Store> opened,
             boost::asio::io_context& settling);
};

}  // namespace quell::app
