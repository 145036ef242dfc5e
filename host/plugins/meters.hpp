// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/ids.hpp"
#include "egress/observer.hpp"
#include "metrics/outcome.hpp"

namespace quell::plugins {

// What is counted of one connector's calls and exchanges. Any thread.
class ConnectorMeters {
  public:
    ConnectorMeters(metrics::Registry& registry, const PluginId& plugin, const TenantId& tenant,
                    const ConnectorKey& connector);

    void taken(std::chrono::nanoseconds queue_wait) { queue_wait_.observe(queue_wait); }
    void called(Code code, std::chrono::nanoseconds duration);
    void exchanged(const egress::RequestLine& line);
    void repeated() { retries_.add(); }

  private:
    metrics::Outcomes calls_;
    metrics::Histogram& duration_;    // of the plugin: from the queue to the answer
    metrics::Histogram& queue_wait_;  // of the plugin: until a worker takes the call
    metrics::Counter& retries_;
    std::array<metrics::Counter*, 7> exchanges_{};  // by status class
};

}  // namespace quell::plugins
