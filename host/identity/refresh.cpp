// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "crypto/digest.hpp"
#include "identity/issuing.hpp"
#include "identity/roles.hpp"
#include "store/tokens.hpp"

namespace quell::identity {
namespace {

struct Renewal {
    Client client;
    crypto::Digest hash;
    std::optional<std::string> scope;
    std::string audience;
    WallTime now;
};

TokenSubject subject_of(const Renewal& asked, const store::FamilyRow& family, ScopeSet scopes) {
    return {.client = asked.client,
            .family = family.id,
            .user = family.user,
            .tenant = family.tenant,
            .scopes = scopes};
}

// RFC 9700 4.14.2: a token used before may be in other hands. Within the grace time a client that races with itself
// gets a sibling instead (OA-08).
bool is_reused(const store::FoundRefreshToken& found, WallTime now) {
    return found.token.used_at && now - *found.token.used_at > kRefreshGrace;
}

Result<Outcome> kill_family(store::Transaction& transaction, audit::Trail& trail, const Renewal& asked,
                            const store::FamilyRow& family) {
    TRY_VOID(store::revoke_family(transaction, family.id, asked.now));
    const TokenSubject subject = subject_of(asked, family, ScopeSet::from_bits(family.scopes));
    TRY_VOID(trail.append(transaction, token_record("refresh_reuse", "invalid_grant", subject)));
    return invalid_grant("The refresh token was used before; its tokens are revoked.");
}

bool is_alive(const store::FoundRefreshToken& found, const Renewal& asked) {
    return !found.family.revoked_at && found.token.expires_at > asked.now && found.role &&
           found.family.resource == asked.audience;
}

// What the new access token may do: within the family's scopes, which never change, and the present rights of the
// client and the user. nullopt for a scope outside the grant (OA-09).
std::optional<ScopeSet> narrowed(const Renewal& asked, const store::FoundRefreshToken& found) {
    const ScopeSet granted = ScopeSet::from_bits(found.family.scopes);
    const auto wanted = asked.scope ? parse_all_scopes(*asked.scope) : granted;
    const auto role = parse_role(*found.role);
    if (!wanted || !granted.contains(*wanted) || !role) {
        return std::nullopt;
    }
    const ScopeSet scopes = *wanted & asked.client.scopes & grantable_scopes(*role);
    return scopes.empty() ? std::nullopt : std::optional(scopes);
}

Result<Outcome> rotate(store::Transaction& transaction, const Renewal& asked, const store::FoundRefreshToken& found,
                       ScopeSet scopes) {
    // False for a sibling: the token keeps the time of its first use.
    TRY_VOID(store::use_refresh_token(transaction, asked.hash, asked.now));
    const TokenSubject subject = subject_of(asked, found.family, scopes);
    TRY(IssuedTokens tokens, issue_access_token(transaction, subject, asked.audience, asked.now));
    TRY(tokens.refresh_token, issue_refresh_token(transaction, found.family.id, asked.now));
    return Outcome{.tokens = std::move(tokens)};
}

Result<Outcome> run(store::Transaction& transaction, audit::Trail& trail, RevocationClock& clock,
                    RevocationClock::Guard& guard, const Renewal& asked) {
    TRY(const auto found, store::find_refresh_token(transaction, asked.hash));
    // OA-10: another client's token is unknown to this one, and stays untouched.
    if (!found || found->family.client != asked.client.id) {
        return invalid_grant("The refresh token is unknown.");
    }
    if (is_reused(*found, asked.now) && !found->family.revoked_at) {
        guard = clock.begin();
        return kill_family(transaction, trail, asked, found->family);
    }
    if (!is_alive(*found, asked)) {
        return invalid_grant("The refresh token has expired or was revoked.");
    }
    const auto scopes = narrowed(asked, *found);
    if (!scopes) {
        return refused("invalid_scope", "The scope goes beyond what was granted.");
    }
    return rotate(transaction, asked, *found, *scopes);
}

}  // namespace

base::Task<IssuedTokens> TokenService::refresh(Client client, std::string token, std::optional<std::string> scope) {
    Renewal asked{std::move(client), crypto::sha256(token), std::move(scope), audience_, now_()};
    auto work = [this, asked = std::move(asked), guard = RevocationClock::Guard()](
                    store::Transaction& transaction) mutable { return run(transaction, trail_, clock_, guard, asked); };
    CO_TRY(Outcome outcome, co_await store_.write<Outcome>(work));
    if (outcome.refusal) {
        co_return *std::move(outcome.refusal);
    }
    co_return std::move(outcome.tokens);
}

}  // namespace quell::identity
