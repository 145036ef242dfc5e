// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/roles.hpp"

namespace quell::identity {

std::string_view to_string(Role role) {
    static constexpr std::array<std::string_view, 4> kNames = {"owner", "admin", "analyst", "viewer"};
    return kNames[static_cast<std::size_t>(role)];
}

std::optional<Role> parse_role(std::string_view text) {
    for (const Role role : kAllRoles) {
        if (to_string(role) == text) {
            return role;
        }
    }
    return std::nullopt;
}

ScopeSet grantable_scopes(Role role) {
    return role == Role::viewer ? ScopeSet{Scope::challenges_read} : ScopeSet::all();
}

}  // namespace quell::identity
