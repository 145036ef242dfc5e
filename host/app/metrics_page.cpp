// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/metrics_page.hpp"

namespace quell::app {
namespace {

using metrics::Family;

constexpr Family kBuild{"quell_build_info", "Always 1; the label is the version."};
constexpr Family kReloads{"quell_config_reloads_total", "Tries to put new settings into effect."};
constexpr Family kAudit{"quell_audit_records_total", "Audit records that are durable, and those that were lost."};
constexpr Family kStoreHealthy{"quell_store_healthy", "1 while the store takes changes."};
constexpr Family kStoreGroups{"quell_store_groups_total", "Durable commits of the store."};
constexpr Family kStoreJobs{"quell_store_jobs_total", "Changes in those commits."};
constexpr Family kStoreFailed{"quell_store_failed_groups_total", "Commits that were rolled back."};
constexpr Family kStoreRefused{"quell_store_refused_total", "Queued changes refused because too many waited."};
constexpr Family kStoreCheckpoints{"quell_store_checkpoints_total", "Times the store's log was moved into its file."};
constexpr Family kPluginReady{"quell_plugin_ready", "1 while the plugin takes calls."};
constexpr Family kPluginRestarts{"quell_plugin_restarts_total", "Times the plugin's process was started again."};
constexpr Family kPluginCrashes{"quell_plugin_crashes_total", "Times the plugin's process ended by itself or was killed."};
constexpr Family kPluginQuarantined{"quell_plugin_quarantined", "1 while the plugin is not started again."};
constexpr Family kBreaker{"quell_egress_breaker_state",
                          "Whether the provider is left alone: 0 closed, 1 half open, 2 open."};
constexpr Family kConnections{"quell_http_connections", "Open connections."};
constexpr Family kAnswers{"quell_http_answers_total", "Answers, by the class of their status."};

constexpr std::array<std::string_view, 6> kStatusClasses = {"other", "1xx", "2xx", "3xx", "4xx", "5xx"};

std::int64_t number_of(egress::CircuitBreaker::State state) {
    switch (state) {
        case egress::CircuitBreaker::State::closed:
            return 0;
        case egress::CircuitBreaker::State::half_open:
            return 1;
        default:
            return 2;
    }
}

metrics::Counter& reloads(metrics::Registry& registry, bool applied) {
    return registry.counter(kReloads, {{"result", applied ? "applied" : "refused"}});
}

}  // namespace

void count_reload(metrics::Registry& registry, bool applied) { reloads(registry, applied).add(); }

MetricsPage::MetricsPage(Services& services) : services_(services) {
    services_.metrics.gauge(kBuild, {{"version", QUELL_VERSION}}).set(1);
    reloads(services_.metrics, true);
    reloads(services_.metrics, false);
}

void MetricsPage::watch(std::string_view listener, const http::Server& server) {
    servers_.emplace_back(listener, &server);
}

void MetricsPage::add_routes(http::Router& router) {
    router.add("GET", "/metrics", [this](const http::Request&) -> http::Answer {
        look();
        http::Response response{.body = services_.metrics.text()};
        response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        co_return response;
    });
}

void MetricsPage::look() {
    look_at_store();
    look_at_plugins();
    look_at_connectors();
    look_at_listeners();
}

void MetricsPage::look_at_store() {
    metrics::Registry& registry = services_.metrics;
    const store::Store::Counters counted = services_.store->counters();
    registry.gauge(kStoreHealthy).set(services_.store->healthy() ? 1 : 0);
    registry.counter(kStoreGroups).show(counted.groups);
    registry.counter(kStoreJobs).show(counted.jobs);
    registry.counter(kStoreFailed).show(counted.failed_groups);
    registry.counter(kStoreRefused).show(counted.refused_later);
    registry.counter(kStoreCheckpoints).show(counted.checkpoints);
    const audit::Trail::Counters records = services_.trail.counters();
    registry.counter(kAudit, {{"result", "written"}}).show(records.written);
    registry.counter(kAudit, {{"result", "refused"}}).show(records.refused);
}

// Plugins and connectors that new settings no longer name are gone from the page, too.
void MetricsPage::look_at_plugins() {
    metrics::Registry& registry = services_.metrics;
    registry.forget(kPluginReady);
    registry.forget(kPluginRestarts);
    registry.forget(kPluginCrashes);
    registry.forget(kPluginQuarantined);
    const auto deployment = services_.deployment();
    for (const plugins::PluginStatus& plugin : deployment->registry.plugins()) {
        const metrics::Labels labels{{"plugin", plugin.id.str()}};
        const bool ready = plugin.backend.state == plugins::BackendStatus::State::ready;
        registry.gauge(kPluginReady, labels).set(ready ? 1 : 0);
        registry.counter(kPluginRestarts, labels).show(plugin.backend.restarts);
        registry.counter(kPluginCrashes, labels).show(plugin.backend.history.crashes);
        registry.gauge(kPluginQuarantined, labels).set(plugin.backend.history.quarantined_since ? 1 : 0);
    }
}

void MetricsPage::look_at_connectors() {
    services_.metrics.forget(kBreaker);
    const auto deployment = services_.deployment();
    for (const auto& [tenant, settings] : deployment->settings.tenants) {
        for (const plugins::Connector* connector : deployment->registry.connectors(tenant)) {
            services_.metrics.gauge(kBreaker, {{"connector", connector->key().str()}, {"tenant", tenant.str()}})
                .set(number_of(connector->breaker()));
        }
    }
}

void MetricsPage::look_at_listeners() {
    for (const auto& [listener, server] : servers_) {
        services_.metrics.gauge(kConnections, {{"listener", listener}})
            .set(static_cast<std::int64_t>(server->connections()));
        for (unsigned hundreds = 0; hundreds < kStatusClasses.size(); ++hundreds) {
            services_.metrics.counter(kAnswers, {{"listener", listener}, {"status", kStatusClasses[hundreds]}})
                .show(server->answers(hundreds));
        }
    }
}

}  // namespace quell::app
