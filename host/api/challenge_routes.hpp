// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <memory>

#include "api/route.hpp"
#include "challenges/service.hpp"

namespace quell::api {

// Challenges: the records of the MCP tools (V63, V85+). A call keeps the present use case until it is answered.
RouteGroup challenge_routes(std::function<std::shared_ptr<challenges::Challenges>()> present);

}  // namespace quell::api
