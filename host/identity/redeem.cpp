// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/random.hpp"
#include "crypto/digest.hpp"
#include "identity/issuing.hpp"
#include "identity/pkce.hpp"
#include "store/codes.hpp"
#include "store/tokens.hpp"

namespace quell::identity {
namespace {

struct Redemption {
    Client client;
    crypto::Digest hash;
    std::string redirect_uri;
    std::string verifier;
    std::string audience;
    WallTime now;
};

TokenSubject subject_of(const Redemption& given, const store::CodeRow& code, std::string family) {
    return {.client = given.client,
            .family = std::move(family),
            .user = code.user,
            .tenant = code.tenant,
            .scopes = ScopeSet::from_bits(code.scopes)};
}

// RFC 6749 4.1.2: a code that comes twice may be stolen, so what the first one gave is taken back (OA-01).
Result<Outcome> kill_family(store::Transaction& transaction, audit::Trail& trail, const Redemption& given,
                            const store::CodeRow& code) {
    TRY_VOID(store::revoke_family(transaction, code.family_id, given.now));
    TRY_VOID(trail.append(transaction, token_record("code_replay", "invalid_grant",
                                                    subject_of(given, code, code.family_id))));
    return invalid_grant("The code was used before; its tokens are revoked.");
}

bool is_proved(const Redemption& given, const store::CodeRow& code) {
    const bool same_redirect = given.redirect_uri.empty() || given.redirect_uri == code.redirect_uri;
    return same_redirect && proves(given.verifier, code.code_challenge) && code.resource == given.audience;
}

Result<Outcome> start_family(store::Transaction& transaction, audit::Trail& trail, const Redemption& given,
                             const store::CodeRow& code) {
    const TokenSubject subject = subject_of(given, code, uuid_v7());
    TRY(const bool first, store::redeem_code(transaction, given.hash, *subject.family, given.now));
    if (!first) {
        return invalid_grant("The code has expired.");
    }
    TRY_VOID(store::insert_family(transaction, {.id = *subject.family,
                                                .client = given.client.id,
                                                .user = code.user,
                                                .tenant = code.tenant,
                                                .scopes = code.scopes,
                                                .resource = code.resource,
                                                .created_at = given.now,
                                                .expires_at = given.now + kAccessTokenLife,
                                                .revoked_at = {}}));
    TRY(IssuedTokens tokens, issue_access_token(transaction, subject, given.audience, given.now));
    if (given.client.may_use(GrantType::refresh_token)) {
        TRY(tokens.refresh_token, issue_refresh_token(transaction, *subject.family, given.now));
    }
    TRY_VOID(trail.append(transaction, token_record("token_issued", "ok", subject)));
    return Outcome{.tokens = std::move(tokens)};
}

Result<Outcome> run(store::Transaction& transaction, audit::Trail& trail, RevocationClock& clock,
                    RevocationClock::Guard& guard, const Redemption& given) {
    TRY(const auto code, store::find_code(transaction, given.hash));
    if (!code || code->client != given.client.id) {
        return invalid_grant("The code is unknown.");
    }
    if (code->used_at) {
        guard = clock.begin();
        return kill_family(transaction, trail, given, *code);
    }
    if (!is_proved(given, *code)) {
        return invalid_grant("The code_verifier or the redirect_uri does not fit the code.");
    }
    return start_family(transaction, trail, given, *code);
}

}  // namespace

base::Task<IssuedTokens> TokenService::redeem(Client client, std::string code, std::string redirect_uri,
                                              std::string verifier) {
    Redemption given{std::move(client), crypto::sha256(code), std::move(redirect_uri), std::move(verifier), audience_,
                     now_()};
    auto work = [this, given = std::move(given), guard = RevocationClock::Guard()](
                    store::Transaction& transaction) mutable { return run(transaction, trail_, clock_, guard, given); };
    CO_TRY(Outcome outcome, co_await store_.write<Outcome>(work));
    if (outcome.refusal) {
        co_return *std::move(outcome.refusal);
    }
    co_return std::move(outcome.tokens);
}

}  // namespace quell::identity
