// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "approvals/service.hpp"
#include "mcp/tools.hpp"
#include "secrets/service.hpp"

namespace quell::mcp {

// The tools of guarded secrets and approvals, bound to the services, which outlive the set. They are offered to tenants with
// rules for secrets alone.
std::vector<std::pair<std::string, ToolBinding>> secret_tools(secrets::Service& secrets, approvals::Service& approvals);

}  // namespace quell::mcp
