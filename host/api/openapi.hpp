// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

#include "api/route_table.hpp"

namespace quell::api {

// The OpenAPI 3.1 description of the table, JSON text. The same table gives the same bytes.
std::string openapi_document(const RouteTable& table);

}  // namespace quell::api
