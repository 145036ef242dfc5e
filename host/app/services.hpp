// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <mutex>

#include "app/deployment.hpp"
#include "app/guarded.hpp"
#include "app/inbound_acts.hpp"
#include "app/retirement.hpp"
#include "challenges/upkeep.hpp"
#include "egress/document_fetcher.hpp"
#include "identity/api_keys.hpp"
#include "identity/clients.hpp"
#include "identity/initial_tokens.hpp"
#include "identity/password_pool.hpp"
#include "identity/revocation.hpp"
#include "identity/users.hpp"
#include "metrics/registry.hpp"
#include "notifications/courier.hpp"
#include "notifications/outbox.hpp"
#include "secrets/plugin_backends.hpp"

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
    // For a program without a host: runners and egress only, no order is taken up.
    Result<void> start_connectors();
    bool stop_connectors();
    // The reverse; false if in-process plugin code did not come back: end the process without destructors then.
    bool stop();

    // The present one; to be held while it is used. Any thread.
    std::shared_ptr<Deployment> deployment() const;
    // Verified, not started; for replace().
    Result<std::shared_ptr<Deployment>> make_deployment(config::Settings settings);
    // Starts `next` and lets new calls use it; the present one ends when its last call does. One thread at a time,
    // after start() and before stop().
    void replace(std::shared_ptr<Deployment> next);

    metrics::Registry metrics;
    crypto::SealingKey key;
    std::unique_ptr<store::Store> store;
    audit::Trail trail;
    notifications::Outbox outbox;
    identity::RevocationClock revocations;
    identity::PasswordPool passwords;
    identity::Users users;
    identity::Clients clients;
    identity::ApiKeys api_keys;
    identity::InitialTokens initial_tokens;
    egress::HttpClient http;
    egress::DocumentFetcher documents{http};
    orders::Orders orders;
    secrets::LeaseEnder leases;
    std::unique_ptr<Guarded> guarded;  // approvals and secrets
    notifications::Courier courier;
    challenges::Endings endings;
    challenges::Upkeep upkeep;
    inbound::Dispatcher inbound;  // what providers told connectors
    // Told of changes of what plugins offer to MCP clients; set, before start(), by a running host alone.
    plugins::Registry::ContentChanged content_changed;
    // Reads the settings again; set by a running host alone.
    std::function<Result<void>(const std::string& actor)> reload;

  private:
    Services(crypto::SealingKey sealing_key, std::unique_ptr<store::Store> opened, boost::asio::io_context& settling);
    void use(std::shared_ptr<Deployment> next);
    void tell_of_approvals(const std::string& public_url);
    std::shared_ptr<const config::Settings> settings() const;
    std::shared_ptr<challenges::Channels> present_channels() const;
    std::shared_ptr<plugins::Registry> present_registry() const;
    Result<plugins::SecretContent> read_built_in(const TenantId& tenant, const std::string& path) const;

    InboundActs inbound_acts_{*this};
    // Secret backends of plugins.
    std::unique_ptr<secrets::Backends> backends_;

    mutable std::mutex mutex_;  // guards deployment_
    std::shared_ptr<Deployment> deployment_;
    Retirement retirement_;
};

}  // namespace quell::app
