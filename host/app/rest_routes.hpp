// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "api/route_table.hpp"
#include "app/services.hpp"

namespace quell::app {

// Every route of the REST door, bound to the services, which outlive it.
Result<api::RouteTable> rest_routes(Services& services);

}  // namespace quell::app
