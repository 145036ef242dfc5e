// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/grantable.hpp"

namespace quell::oauth {
namespace {

bool may_consent(const Authorization& authorization, const identity::Membership& membership) {
    return !authorization.is_new_client || identity::is_administrator(membership.role);
}

// Whether being in this tenant lets a person meet the client at all.
bool knows_client(const Authorization& authorization, const identity::Membership& membership) {
    const TenantId& tenant = authorization.client->tenant;
    return tenant.empty() || tenant == membership.tenant;
}

OAuthError stranger(const Authorization& authorization) {
    return {ErrorCode::access_denied, authorization.is_new_client
                                          ? "Only an owner or an administrator may add a client. Ask one of them."
                                          : "You do not belong to the tenant of this client."};
}

}  // namespace

std::variant<std::vector<Choice>, OAuthError> grantable(const Services& services, const Authorization& authorization,
                                                        const identity::Login& login) {
    const auto memberships = services.users.memberships(login.user.id);
    if (!memberships) {
        return to_oauth(memberships.error());
    }
    bool is_member = false;
    std::vector<Choice> choices;
    for (const identity::Membership& membership : *memberships) {
        if (!login.is_good_in(membership.tenant) || !may_consent(authorization, membership)) {
            continue;
        }
        is_member = is_member || knows_client(authorization, membership);
        const bool own = membership.tenant == authorization.client->tenant;
        const identity::ScopeSet scopes = authorization.scopes & identity::grantable_scopes(membership.role);
        if (!scopes.empty()) {
            choices.insert(own ? choices.begin() : choices.end(), Choice{membership.tenant, membership.role, scopes});
        }
    }
    if (!is_member) {
        return stranger(authorization);
    }
    if (choices.empty()) {
        return OAuthError{ErrorCode::invalid_scope, "Your role may not give any of these scopes."};
    }
    return choices;
}

identity::Approval make_approval(const Authorization& authorization, const identity::Login& login,
                                 const Choice& choice) {
    identity::Approval approval{.client = *authorization.client,
                                .user = login.user,
                                .tenant = choice.tenant,
                                .scopes = choice.scopes,
                                .redirect_uri = authorization.redirect_uri->text(),
                                .code_challenge = authorization.code_challenge,
                                .saves_client = authorization.saves_client};
    if (authorization.is_new_client) {
        approval.client.tenant = choice.tenant;
    }
    return approval;
}

}  // namespace quell::oauth
