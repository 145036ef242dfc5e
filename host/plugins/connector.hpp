// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/failed.hpp"
#include "base/task.hpp"
#include "egress/circuit_breaker.hpp"
#include "json/value.hpp"
#include "plugins/async_job.hpp"
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
    // What the plugin can do and these settings suffice for.
    bool offers(std::string_view capability) const;
    // Whether its provider is left alone for a while; closed where there is a problem.
    egress::CircuitBreaker::State breaker() const;
    // What keeps it from working for good: its settings must change, or its plugin.
    const Error* problem() const { return problem_ ? &*problem_ : nullptr; }

    // That, or what keeps it from working now: a secret of its settings cannot be had.
    std::optional<Error> present_problem() const;

    // Calls a method of a capability with a JSON document and resumes on the caller's io_context with what `read`
    // (Result<T>(const json::Value&), on a worker's thread) makes of the reply, which is valid by the method's schema
    // and gone afterwards. Returns at the deadline plus half a second at the latest, and as soon as options.cancel is
    // requested. Errors: the keys of INTERFACES.md 2 (connector_unavailable: the plugin's process ended or is
    // overloaded, and what it did is not known). The connector outlives the task.
    template <class T, class Reader>
    base::Task<T> call(std::string_view capability, std::string_view method, std::string request, CallOptions options,
                       Reader read) const;
    // The reply itself, for worker threads and commands; blocks.
    Result<json::Value> call_and_wait(std::string_view capability, std::string_view method, std::string request,
                                      CallOptions options) const;

  private:
    Result<const Method*> callable(std::string_view capability, std::string_view method) const;
    CallSetup setup(const Method& method, std::string request, CallOptions options) const;
    bool add(std::shared_ptr<Job> job) const;

    const TenantId tenant_;
    const ConnectorKey key_;
    const PluginId plugin_id_;
    const std::shared_ptr<Plugin> plugin_;  // null if the settings have no such plugin
    Instance* const instance_;              // owned by the plugin; null where there is a problem
    const std::optional<Error> problem_;
    std::vector<std::string> actions_;
    std::vector<std::string> capabilities_;  // of the manifest, as far as the settings suffice
};

template <class T, class Reader>
base::Task<T> Connector::call(std::string_view capability, std::string_view method, std::string request,
                              CallOptions options, Reader read) const {
    const auto known = callable(capability, method);
    if (!known) {
        return base::failed<T>(known.error());
    }
    auto begin = [this](auto handler, CallSetup prepared, const Method* called, Reader reader) {
        const auto executor = boost::asio::get_associated_executor(handler);
        const bool is_to_wake = add(std::make_shared<AsyncJob<T, Reader, decltype(handler)>>(
            std::move(prepared), *called, plugin_, std::move(reader), std::move(handler)));
        if (is_to_wake) {
            // Behind all that this thread has to do now, which may bring further calls.
            boost::asio::post(executor, [plugin = plugin_] { plugin->wake(); });
        }
    };
    return boost::asio::async_initiate<const base::UseTask, void(Result<T>)>(
        std::move(begin), base::use_task, setup(**known, std::move(request), std::move(options)), *known,
        std::move(read));
}

}  // namespace quell::plugins
