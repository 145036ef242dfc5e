// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <memory>

#include "api/route.hpp"
#include "containment/service.hpp"
#include "revocation/service.hpp"

namespace quell::api {

// The present use cases; a call keeps its own until it is answered.
struct OrderServices {
    std::function<std::shared_ptr<containment::Containment>()> containment;
    std::function<std::shared_ptr<revocation::Revocation>()> revocation;
};

// Containment and revocation requests, and what the tenant's connectors can do: the records of the MCP tools (V63, V76).
RouteGroup order_routes(const OrderServices& services);

}  // namespace quell::api
