// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "config/settings.hpp"
#include "egress/http_client.hpp"
#include "plugins/device_containment.hpp"
#include "plugins/registry.hpp"

namespace quell::plugins::test {

// A registry with one plugin of tests/plugins behind the connector `main` of the tenant `acme`.
class PluginHost {
  public:
    PluginHost(const std::string& plugin, config::Isolation isolation, json::Object settings = {}) {
        add_plugin(plugin, isolation);
        add_connector("main", plugin, std::move(settings));
    }
    ~PluginHost() {
        registry_.reset();
        http_.stop();
    }

    // Before start().
    config::PluginSettings& plugin(const std::string& id) { return settings_.plugins.at(PluginId(id)); }
    void add_plugin(const std::string& id, config::Isolation isolation);
    void add_connector(const std::string& key, const std::string& plugin, json::Object settings);

    void start() {
        ASSERT_TRUE(http_.start());
        registry_ = std::make_unique<Registry>(settings_, services(), QUELL_TEST_RUNNER);
        registry_->start();
    }
    Registry& registry() { return *registry_; }
    const Connector& connector(const std::string& key = "main") {
        return *registry_->find(TenantId("acme"), ConnectorKey(key));
    }
    config::Settings& settings() { return settings_; }
    std::string metrics() const { return metrics_.text(); }

    // resolve by hostname; blocks.
    Result<json::Value> resolve(const std::string& hostname, CallOptions options = {}, const std::string& key = "main");
    PluginStatus status() { return registry_->plugins().front(); }

    std::vector<Crash> crashes() const {
        const std::lock_guard lock(mutex_);
        return crashes_;
    }

    // "tenant connector kind" of what was told of MCP content.
    std::vector<std::string> changes() const {
        const std::lock_guard lock(mutex_);
        return changes_;
    }

  private:
    Registry::Services services() {
        return {http_, metrics_,
                [this](const PluginId&, const Crash& crash) {
                    const std::lock_guard lock(mutex_);
                    crashes_.push_back(crash);
                },
                [this](const TenantId& tenant, const ConnectorKey& key, const McpEvent& event) {
                    const std::lock_guard lock(mutex_);
                    changes_.push_back(tenant.str() + " " + key.str() + " " + kind_of(event));
                }};
    }
    static std::string kind_of(const McpEvent& event);

    // Never destroyed: a plugin that hangs in-process keeps a worker for good, and the worker its meters.
    static metrics::Registry& left_behind() {
        static auto& kept = *new std::vector<std::unique_ptr<metrics::Registry>>;
        return *kept.emplace_back(std::make_unique<metrics::Registry>());
    }

    mutable std::mutex mutex_;
    std::vector<Crash> crashes_;  // guarded by mutex_
    std::vector<std::string> changes_;  // guarded by mutex_
    config::Settings settings_;
    egress::HttpClient http_;
    metrics::Registry& metrics_ = left_behind();
    std::unique_ptr<Registry> registry_;
};

CallOptions within(std::chrono::milliseconds time);

// The error's key, or "" for a value: what most expectations are about.
template <class T>
std::string key_of(const Result<T>& result) {
    return result ? "" : result.error()->key;
}

// The digest of a file in the directory of the test plugins.
std::string digest_of(const std::string& library);

}  // namespace quell::plugins::test
