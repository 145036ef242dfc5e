// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <tuple>

#include "identity/principal.hpp"

namespace quell::mcp {

// Whose a session, stream or task is: a principal's, by one client, in one tenant (MC-04). What one owner may hold is
// limited, so that nobody takes the place of all others.
using Owner = std::tuple<TenantId, std::string, ClientId>;

inline Owner owner_of(const identity::Principal& caller) { return {caller.tenant, caller.id, caller.client}; }

}  // namespace quell::mcp
