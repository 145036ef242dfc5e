// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "crypto/digest.hpp"
#include "identity/live_token.hpp"
#include "identity/roles.hpp"
#include "identity/token_service.hpp"

namespace quell::identity {
namespace {

TokenFacts facts_of(const store::LiveAccessToken& live) {
    const Principal principal = principal_of(live);
    return {.is_access_token = true,
            .client = live.token.client,
            .subject = principal.id,
            .username = live.email,
            .scopes = principal.scopes,
            .created_at = live.token.created_at,
            .expires_at = live.token.expires_at};
}

// What refreshing with it would give.
TokenFacts facts_of(const store::FoundRefreshToken& found, const Client& client, Role role) {
    return {.is_access_token = false,
            .client = found.family.client,
            .subject = "user:" + found.family.user.str(),
            .username = {},
            .scopes = ScopeSet::from_bits(found.family.scopes) & client.scopes & grantable_scopes(role),
            .created_at = found.token.created_at,
            .expires_at = found.token.expires_at};
}

bool works(const store::FoundRefreshToken& found, const ClientId& client, std::string_view audience, WallTime now) {
    return found.family.client == client && found.family.resource == audience && !found.family.revoked_at &&
           !found.token.used_at && found.token.expires_at > now;
}

}  // namespace

Result<std::optional<TokenFacts>> TokenService::introspect(const Client& client, std::string_view token) const {
    const crypto::Digest hash = crypto::sha256(token);
    const WallTime now = now_();
    return store_.read([&](store::Reader& reader) -> Result<std::optional<TokenFacts>> {
        TRY(const auto live, store::find_live_access_token(reader, hash, now));
        if (live) {
            const bool own = live->token.client == client.id && live->token.audience == audience_;
            return own ? std::optional(facts_of(*live)) : std::nullopt;
        }
        TRY(const auto found, store::find_refresh_token(reader, hash));
        const auto role = found && found->role ? parse_role(*found->role) : std::nullopt;
        if (!role || !works(*found, client.id, audience_, now)) {
            return std::optional<TokenFacts>();
        }
        return std::optional(facts_of(*found, client, *role));
    });
}

}  // namespace quell::identity
