// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "challenges/service.hpp"
#include "containment/service.hpp"
#include "approvals/service.hpp"
#include "mcp/tools.hpp"
#include "revocation/service.hpp"
#include "secrets/service.hpp"

namespace quell::mcp {

// The product's tools, bound to their use cases, which outlive the set.
struct ProductServices {
    containment::Containment& containment;
    revocation::Revocation& revocation;
    challenges::Challenges& challenges;
    secrets::Service& secrets;
    approvals::Service& approvals;
};
Result<ToolSet> product_tools(const ProductServices& services);

}  // namespace quell::mcp
