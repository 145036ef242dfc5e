// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "egress/circuit_breaker.hpp"
#include "json/value.hpp"
#include "plugins/call.hpp"
#include "plugins/plugin.hpp"

namespace quell::plugins {

// A plugin configured for a tenant under a key: what the use cases call, mostly through device_containment.hpp and
// session_revocation.hpp. Immutable; any thread. A connector that cannot work (its plugin is not loaded, its settings
// are wrong, a secret cannot be read) exists too and answers every call with the reason.
class Connector {
  public:
    // `http` is made from the settings by the registry; `problem` says why it could not be.
    Connector(TenantId tenant, config::ConnectorSettings settings, std::shared_ptr<Plugin> plugin, Instance* instance,
              std::optional<Error> problem);

    const TenantId& tenant() const { return tenant_; }
    const ConnectorKey& key() const { return key_; }
    const PluginId& plugin() const { return plugin_id_; }
    const Manifest& manifest() const;  // empty if the plugin is not loaded
    // The manifest's actions, narrowed by the connector's own list.
    const std::vector<std::string>& actions() const { return actions_; }
    bool allows(std::string_view action) const;
    bool offers(std::string_view capability) const { return manifest().has(capability); }
    // Whether its provider is left alone for a while; closed where there is a problem.
    egress::CircuitBreaker::State breaker() const;
    const Error* problem() const { return problem_ ? &*problem_ : nullptr; }

    // Calls a method of a capability and resumes on the caller's io_context with a reply that is valid by the method's
    // schema. Returns at the deadline plus half a second at the latest, and as soon as options.cancel is requested.
    // Errors: the keys of INTERFACES.md 2 (connector_unavailable: the plugin's process ended or is overloaded, and
    // what it did is not known).
    base::Task<json::Value> call(std::string_view capability, std::string_view method, json::Value request,
                                 CallOptions options) const;
    // The same for worker threads and commands; blocks.
    Result<json::Value> call_and_wait(std::string_view capability, std::string_view method, json::Value request,
                                      CallOptions options) const;

  private:
    Result<const Method*> callable(std::string_view capability, std::string_view method) const;
    CallSetup setup(const Method& method, const json::Value& request, CallOptions options) const;
    void submit(std::shared_ptr<Job> job, const std::stop_token& caller) const;

    const TenantId tenant_;
    const ConnectorKey key_;
    const PluginId plugin_id_;
    const std::shared_ptr<Plugin> plugin_;  // null if the settings have no such plugin
    Instance* const instance_;              // owned by the plugin; null where there is a problem
    const std::optional<Error> problem_;
    std::vector<std::string> actions_;
};

}  // namespace quell::plugins
