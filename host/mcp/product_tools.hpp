// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "containment/service.hpp"
#include "mcp/tools.hpp"
#include "revocation/service.hpp"

namespace quell::mcp {

// The product's tools, bound to their use cases, which outlive the set.
Result<ToolSet> product_tools(containment::Containment& containment, revocation::Revocation& revocation);

}  // namespace quell::mcp
