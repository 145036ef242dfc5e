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
// collect consents of another's people. A client of no tenant may have them in any; a new one is made by an owner or an
// administrator, in a tenant of theirs (V10, OA-26). Only tenants in which the login is good. invalid_scope if nothing is left (OA-11).
std::variant<std::vector<Choice>, OAuthError> grantable(const Services& services, const Authorization& authorization,
                                                        const identity::Login& login);

// What is allowed with this choice. A new client belongs to the tenant from then on (V09).
identity::Approval make_approval(const Authorization& authorization, const identity::Login& login, const Choice& choice);

}  // namespace quell::oauth
