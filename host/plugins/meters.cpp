// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/meters.hpp"

namespace quell::plugins {
namespace {

constexpr metrics::Family kCalls{"quell_plugin_calls_total", "Calls of plugins' methods, by how they ended."};
constexpr metrics::Family kDuration{"quell_plugin_call_duration_seconds",
                                    "Time from a plugin call's queueing to its answer."};
constexpr metrics::Family kQueueWait{"quell_plugin_queue_wait_seconds", "Time until a worker took a plugin call."};
constexpr metrics::Family kExchanges{"quell_egress_exchanges_total",
                                     "Outgoing HTTP exchanges, by the class of the provider's status."};
constexpr metrics::Family kRetries{"quell_egress_retries_total", "Outgoing HTTP exchanges that repeat an earlier one."};

// `refused`: a rule of the host kept it in; `none`: no answer came.
constexpr std::array<std::string_view, 7> kStatusClasses = {"none", "1xx", "2xx", "3xx", "4xx", "5xx", "refused"};

std::size_t status_class(const egress::RequestLine& line) {
    if (line.status >= 100 && line.status < 600) {
        return static_cast<std::size_t>(line.status) / 100;
    }
    return line.method.empty() ? kStatusClasses.size() - 1 : 0;
}

metrics::Labels with_status(metrics::Labels labels, std::string_view status) {
    labels.emplace_back("status", status);
    return labels;
}

}  // namespace

ConnectorMeters::ConnectorMeters(metrics::Registry& registry, const PluginId& plugin, const TenantId& tenant,
                                 const ConnectorKey& connector)
    : calls_(registry, kCalls, {{"plugin", plugin.str()}, {"connector", connector.str()}, {"tenant", tenant.str()}}),
      duration_(registry.histogram(kDuration, {{"plugin", plugin.str()}})),
      queue_wait_(registry.histogram(kQueueWait, {{"plugin", plugin.str()}})),
      retries_(registry.counter(kRetries, {{"connector", connector.str()}, {"tenant", tenant.str()}})) {
    const metrics::Labels labels{{"connector", connector.str()}, {"tenant", tenant.str()}};
    for (std::size_t i = 0; i < kStatusClasses.size(); ++i) {
        exchanges_[i] = &registry.counter(kExchanges, with_status(labels, kStatusClasses[i]));
    }
}

void ConnectorMeters::called(Code code, std::chrono::nanoseconds duration) {
    calls_.count(metrics::outcome_of(code));
    duration_.observe(duration);
}

void ConnectorMeters::exchanged(const egress::RequestLine& line) { exchanges_[status_class(line)]->add(); }

}  // namespace quell::plugins
