// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/live_token.hpp"

#include "identity/roles.hpp"

namespace quell::identity {
namespace {

ScopeSet present_scopes(const store::LiveAccessToken& live) {
    const ScopeSet granted = ScopeSet::from_bits(live.token.scopes) & ScopeSet::from_bits(live.client_scopes);
    if (!live.token.user) {
        return granted;
    }
    const auto role = parse_role(live.role);
    return role ? granted & grantable_scopes(*role) : ScopeSet{};
}

}  // namespace

Principal principal_of(const store::LiveAccessToken& live) {
    const auto& user = live.token.user;
    return {.tenant = live.token.tenant,
            .id = user ? "user:" + user->str() : "client:" + live.token.client.str(),
            .label = user ? live.email : live.client_name,
            .client = live.token.client,
            .scopes = present_scopes(live)};
}

}  // namespace quell::identity
