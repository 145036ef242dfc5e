// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "challenges/service.hpp"
#include "containment/service.hpp"
#include "mcp/tools.hpp"
#include "revocation/service.hpp"

namespace quell::mcp {

// The product's tools, bound to their use cases, which outlive the set.
Result<ToolSet> product_tools(containment::Containment& containment, revocation::Revocation& revocation,
                              challenges::Challenges& challenges);

}  // namespace quell::mcp
