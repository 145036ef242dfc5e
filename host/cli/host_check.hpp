// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/result.hpp"
#include "cli/bridge.hpp"
#include "json/value.hpp"

namespace quell::cli {

// What stands between a desktop client and its tools (L34): reaches the host, shows the key, lists the tools. The
// answer says what was found; the error what failed first: unavailable, or permission_denied for the key.
Result<json::Value> check_host(const BridgeOptions& options);

}  // namespace quell::cli
