// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.hpp"
#include "metrics/outcome.hpp"

namespace quell::mcp {

// Counts the calls of one tool by tenant and outcome, and how long they took. The tenants are those of the settings;
// any other is counted as `other`. Any thread, without a lock.
class ToolMeter {
  public:
    ToolMeter(metrics::Registry& registry, const std::string& tool, const std::vector<TenantId>& tenants);

    void finished(const TenantId& tenant, Code code, std::chrono::nanoseconds duration);

  private:
    metrics::Histogram& duration_;
    std::unordered_map<TenantId, metrics::Outcomes> tenants_;  // never changes
    metrics::Outcomes other_;
};

}  // namespace quell::mcp
