// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <variant>
#include <vector>

#include "identity/roles.hpp"
#include "oauth/authorization.hpp"

namespace quell::oauth {

// What a person may give in one of their tenants.
struct Choice {
    TenantId tenant;
    identity::Role role;
    identity::ScopeSet scopes;
};

// The tenants in which this person may give this client something of what it asked for, the client's own first
// (INTERFACES.md 5). access_denied for somebody who is not in the client's tenant: a client made by one tenant cannot
// collect consents of another's people. invalid_scope if nothing is left (OA-11).
std::variant<std::vector<Choice>, OAuthError> grantable(const Services& services, const Authorization& authorization,
                                                        const identity::User& user);

}  // namespace quell::oauth
