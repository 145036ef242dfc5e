// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/grantable.hpp"

namespace quell::oauth {

std::variant<std::vector<Choice>, OAuthError> grantable(const Services& services, const Authorization& authorization,
                                                        const identity::User& user) {
    const auto memberships = services.users.memberships(user.id);
    if (!memberships) {
        return to_oauth(memberships.error());
    }
    bool is_member = false;
    std::vector<Choice> choices;
    for (const identity::Membership& membership : *memberships) {
        const bool own = membership.tenant == authorization.client->tenant;
        is_member = is_member || own;
        const identity::ScopeSet scopes = authorization.scopes & identity::grantable_scopes(membership.role);
        if (!scopes.empty()) {
            choices.insert(own ? choices.begin() : choices.end(), Choice{membership.tenant, membership.role, scopes});
        }
    }
    if (!is_member) {
        return OAuthError{ErrorCode::access_denied, "You do not belong to the tenant of this client."};
    }
    if (choices.empty()) {
        return OAuthError{ErrorCode::invalid_scope, "Your role may not give any of these scopes."};
    }
    return choices;
}

}  // namespace quell::oauth
