// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "http/stream.hpp"
#include "identity/principal.hpp"
#include "json/value.hpp"
#include "mcp/sessions.hpp"

namespace quell::mcp {

// What may change under a client: a list, or one resource.
enum class Change { tools, prompts, resources, resource };

// Tells clients what has changed: in the stateless era those that listen (subscriptions/listen), in the older one the sessions'
// own streams. Any thread.
class Subscriptions {
  public:
    explicit Subscriptions(Sessions& sessions, std::string server_info) : sessions_(sessions), server_info_(std::move(server_info)) {}

    // Opens the stream with the acknowledgement of what is honoured. `id` is the request's, as JSON text. Nothing: the filter is
    // not well formed or too long.
    std::optional<std::shared_ptr<http::Stream>> listen(const identity::Principal& caller, std::string id, const json::Object& filter);

    // `scope`: who may know; `uri` of a resource.
    void changed(const TenantId& tenant, std::optional<identity::Scope> scope, Change change, const std::string& uri = {});
    std::size_t listeners() const;

  private:
    struct Listener {
        TenantId tenant;
        identity::ScopeSet scopes;
        std::string id;
        bool tools = false, prompts = false, resources = false;
        std::set<std::string> uris;
        std::shared_ptr<http::Stream> stream;

        bool wants(Change change, const std::string& uri) const;
    };

    std::string last_message(const std::string& id) const;

    Sessions& sessions_;
    const std::string server_info_;
    mutable std::mutex mutex_;  // guards listeners_
    std::list<Listener> listeners_;
};

}  // namespace quell::mcp
