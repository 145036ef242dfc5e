// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

#include "base/task.hpp"
#include "secrets/service.hpp"

namespace quell::mcp {

// What an agent gets of a secret that it may read: the value where the tenant says so, else a reference that opens it once
// (DESIGN.md 5). JSON text with resource, version, accessCount, and `value` or `reference` with its end.
base::Task<std::string> shown(secrets::Service& secrets, const identity::Principal& caller, const secrets::Reading& reading);

}  // namespace quell::mcp
