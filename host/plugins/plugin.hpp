// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "plugins/backend.hpp"
#include "plugins/catalog.hpp"
#include "plugins/instance.hpp"
#include "plugins/manifest.hpp"
#include "plugins/plugin_log.hpp"
#include "plugins/spawner.hpp"
#include "plugins/worker_pool.hpp"

namespace quell::plugins {

// One line of `quell plugin list`.
struct PluginStatus {
    PluginId id;
    std::string library;
    std::string version;
    std::string sha256;
    std::string isolation;
    std::string sandbox;
    std::vector<std::string> capabilities;
    BackendStatus backend;  // state `failed` with the reason if it is not loaded
};

json::Object to_json(const PluginStatus& status);
// One line of `quell plugin status`: how it runs and what became of its processes.
json::Object to_health(const PluginStatus& status);

// A plugin of the host's settings: its file verified, its workers, and the backend that runs it. One that cannot be
// loaded exists as well, with the reason, and refuses every call. Owned by the registry and by its jobs.
class Plugin : public std::enable_shared_from_this<Plugin> {
  public:
    struct Services {
        Spawner& spawner;
        Watchdog& watchdog;
        std::function<void(const PluginId&, const Crash&)> crashed{};
    };
    // Verifies the file and reads its manifest; runs no code of the plugin (start() does).
    Plugin(PluginId id, config::PluginSettings settings, const std::filesystem::path& directory, Services services);

    const PluginId& id() const { return id_; }
    const config::PluginSettings& settings() const { return settings_; }
    const Manifest& manifest() const { return manifest_; }  // empty if not loaded
    bool is_loaded() const { return backend_ != nullptr; }
    const std::string& refusal() const { return refusal_; }

    // Adds an instance that calls can be made on. Before start().
    Instance& add_instance(TenantId tenant, ConnectorKey connector, std::string config);

    void start();
    void submit(std::shared_ptr<Job> job);
    // As WorkerPool::add() and wake().
    [[nodiscard]] bool add(std::shared_ptr<Job> job);
    void wake();
    PluginStatus status() const;
    // failed_precondition if the plugin is not in quarantine.
    Result<void> lift_quarantine();
    // False if a worker did not come back from the plugin (in-process only).
    bool stop();

  private:
    Result<void> load(const std::filesystem::path& directory, Services services);
    void make_backend(PluginFile file, const Services& services);
    std::size_t workers() const;
    void run(Job& job);
    void tell_of(std::uint64_t instance, std::string_view event);

    const PluginId id_;
    const config::PluginSettings settings_;
    Manifest manifest_;
    std::string sha256_;
    std::string refusal_;
    PluginLog log_;
    std::vector<std::unique_ptr<Instance>> instances_;
    std::unique_ptr<Backend> backend_;
    std::unique_ptr<WorkerPool> pool_;
};

// The caller's view of how a plugin's method ended: its document in `storage`, valid by the method's schema, or the error.
Result<json::Value> read_outcome(Outcome outcome, const Call& call, const Method& method, json::Storage storage);

}  // namespace quell::plugins
