// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "identity/principal.hpp"
#include "mcp/param_headers.hpp"
#include "plugins/mcp_content.hpp"
#include "plugins/registry.hpp"

namespace quell::mcp {

// What one connector with mcp_content/1 offered when it was asked last. Immutable.
struct ContentSource {
    const plugins::Connector* connector = nullptr;  // of the deployment
    identity::Scope scope{};
    plugins::ContentOffer offer;
    std::vector<std::vector<ParamHeader>> headers;  // of each tool

    bool is_open_to(const identity::Principal& caller) const { return caller.scopes.has(scope); }
};

// What all connectors of one tenant offer: in the order of their keys, each name once. Immutable.
class ContentSet {
  public:
    struct Tool {
        const ContentSource* source = nullptr;
        const plugins::ContentTool* tool = nullptr;
        const std::vector<ParamHeader>* headers = nullptr;
    };
    using Items = std::vector<plugins::ContentItem> plugins::ContentOffer::*;

    // `is_taken` names tools that are not the plugins' to offer (PL-07).
    ContentSet(std::vector<std::shared_ptr<const ContentSource>> sources, const std::function<bool(std::string_view)>& is_taken);

    const Tool* find_tool(std::string_view name) const;
    const ContentSource* find_prompt(std::string_view name) const;
    // Who reads it: the one that lists the URI, else the one whose template fits.
    const ContentSource* find_resource(std::string_view uri) const;
    // Definitions that the caller may see, comma separated.
    std::string tools(const identity::Principal& caller) const;
    std::string items(const identity::Principal& caller, Items list) const;

  private:
    std::vector<std::shared_ptr<const ContentSource>> sources_;
    std::vector<Tool> tools_;
};

// Asks the plugins what they offer, and keeps the answer until they tell a change, a minute at most. While somebody asks, and
// for a while after a plugin has failed to answer, others get what is known: no list waits for a plugin that hangs but the
// one that finds out. One for a deployment;
// any I/O thread; changed() any thread.
class ContentCatalog {
  public:
    ContentCatalog(const plugins::Registry& registry, const std::vector<TenantId>& tenants,
                   std::function<bool(std::string_view)> is_taken);

    // A connector that cannot be asked offers what it last did. Never fails.
    base::Task<std::shared_ptr<const ContentSet>> of(TenantId tenant);
    void changed(const TenantId& tenant, const ConnectorKey& connector);
    // What a caller's token must allow to see the connector's content; nothing if it has none.
    std::optional<identity::Scope> scope_of(const TenantId& tenant, const ConnectorKey& connector) const;
    // The connector with this key, if it offers content and its scope is the caller's.
    const plugins::Connector* find_connector(const identity::Principal& caller, const ConnectorKey& key) const;

  private:
    struct Entry {
        const plugins::Connector* connector = nullptr;
        identity::Scope scope{};
        std::atomic<std::uint64_t> wanted = 1;  // counts changes
        std::mutex mutex;                       // guards what follows
        std::uint64_t had = 0;                  // `wanted` when it was asked
        std::chrono::steady_clock::time_point asked_at{};
        std::chrono::steady_clock::time_point failed_at{};
        bool is_asked = false;  // somebody is asking
        std::shared_ptr<const ContentSource> source;
    };
    struct Tenant {
        std::vector<std::unique_ptr<Entry>> entries;
        std::mutex mutex;  // guards what follows
        std::vector<std::shared_ptr<const ContentSource>> made_of;
        std::shared_ptr<const ContentSet> set;
    };

    Entry* find(const TenantId& tenant, const ConnectorKey& connector) const;
    static std::shared_ptr<const ContentSource> known(Entry& entry);
    static base::Task<std::shared_ptr<const ContentSource>> ask(Entry& entry);

    const std::function<bool(std::string_view)> is_taken_;
    const std::shared_ptr<const ContentSet> none_;
    std::map<TenantId, std::unique_ptr<Tenant>> tenants_;
};

}  // namespace quell::mcp
