// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "identity/principal.hpp"

namespace quell::identity {

// What a user is in a tenant (V66, V70): one role per user and tenant.
enum class Role : std::uint8_t { owner, admin, analyst, viewer };

inline constexpr std::array kAllRoles = {Role::owner, Role::admin, Role::analyst, Role::viewer};

std::string_view to_string(Role role);
std::optional<Role> parse_role(std::string_view text);

// The scopes that a user of this role may give to a client (INTERFACES.md 5).
ScopeSet grantable_scopes(Role role);

// Owners and admins administer the tenant.
constexpr bool is_administrator(Role role) {
    return role == Role::owner || role == Role::admin;
}

}  // namespace quell::identity
