// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/result.hpp"
#include "config/settings.hpp"
#include "policy/entry.hpp"

namespace quell::policy {

// The tenant's two switches for each acting tool: the capability itself, and its use by agents over MCP, which also
// needs the first. The refusal names the switch that is off and who may turn it (INTERFACES.md 2). Any thread.
Result<void> check_switches(const config::SessionRevocationSettings& settings, Entry entry);
Result<void> check_switches(const config::DeviceContainmentSettings& settings, Entry entry);

}  // namespace quell::policy
