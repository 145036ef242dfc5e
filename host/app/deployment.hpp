// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>

#include "approvals/service.hpp"
#include "audit/trail.hpp"
#include "config/settings.hpp"
#include "challenges/plugin_channels.hpp"
#include "challenges/service.hpp"
#include "containment/service.hpp"
#include "crypto/seal.hpp"
#include "egress/http_client.hpp"
#include "mcp/content_catalog.hpp"
#include "mcp/tools.hpp"
#include "metrics/registry.hpp"
#include "orders/orders.hpp"
#include "plugins/registry.hpp"
#include "revocation/service.hpp"
#include "secrets/service.hpp"
#include "store/store.hpp"

namespace quell::app {

// All that follows from the settings of tenants and plugins: connectors, use cases, tools. A reload makes a new one and
// puts it in the place of the old. Whoever uses a deployment holds it, so that the old one outlives its last call.
class Deployment {
  public:
    // What outlives every deployment.
    struct Base {
        orders::Orders& orders;
        const crypto::SealingKey& key;
        store::Store& store;
        audit::Trail& trail;
        egress::HttpClient& http;
        metrics::Registry& metrics;
        challenges::Endings& endings;
        plugins::SettingSecrets::BuiltInStore built_in_secrets;
        approvals::Service& approvals;
        secrets::Service& secrets;
        plugins::Registry::ContentChanged content_changed;
    };
    // Verifies the plugins' files; runs no plugin code until the registry is started.
    static Result<std::shared_ptr<Deployment>> make(config::Settings settings, const Base& base);

    const config::Settings settings;
    plugins::Registry registry;
    containment::PluginDevices devices;
    containment::Containment containment;
    revocation::PluginAccounts accounts;
    revocation::Revocation revocation;
    challenges::PluginChannels channels;
    challenges::Challenges challenges;
    mcp::ToolSet tools;
    mcp::ContentCatalog content;  // what the plugins offer to MCP clients

  private:
    Deployment(config::Settings given, const Base& base);
};

}  // namespace quell::app
