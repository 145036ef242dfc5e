// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/tool_meter.hpp"

namespace quell::mcp {
namespace {

constexpr metrics::Family kCalls{"quell_mcp_tool_calls_total", "Calls of tools, by how they ended."};
constexpr metrics::Family kDuration{"quell_mcp_tool_call_duration_seconds",
                                    "Time that a tool call took."};

}  // namespace

ToolMeter::ToolMeter(metrics::Registry& registry, const std::string& tool, const std::vector<TenantId>& tenants)
    : duration_(registry.histogram(kDuration, {{"tool", tool}})),
      other_(registry, kCalls, {{"tool", tool}, {"tenant", "other"}}) {
    for (const TenantId& tenant : tenants) {
        const metrics::Labels labels{{"tool", tool}, {"tenant", tenant.str()}};
        tenants_.try_emplace(tenant, registry, kCalls, labels);
    }
}

void ToolMeter::finished(const TenantId& tenant, Code code, std::chrono::nanoseconds duration) {
    duration_.observe(duration);
    const auto known = tenants_.find(tenant);
    (known == tenants_.end() ? other_ : known->second).count(metrics::outcome_of(code));
}

}  // namespace quell::mcp
