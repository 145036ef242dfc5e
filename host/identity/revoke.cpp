// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "crypto/digest.hpp"
#include "identity/issuing.hpp"
#include "store/tokens.hpp"

namespace quell::identity {
namespace {

struct Withdrawal {
    Client client;
    crypto::Digest hash;
    WallTime now;
};

// Whether there was something to end, and for the record whose it was.
Result<std::optional<TokenSubject>> end_token(store::Transaction& transaction, const Withdrawal& asked) {
    TRY(const auto live, store::find_live_access_token(transaction, asked.hash, asked.now));
    if (live && live->token.client == asked.client.id) {
        TRY_VOID(store::delete_access_token(transaction, asked.hash));
        return std::optional(TokenSubject{.client = asked.client,
                                          .family = live->token.family_id,
                                          .user = live->token.user,
                                          .tenant = live->token.tenant,
                                          .scopes = ScopeSet::from_bits(live->token.scopes)});
    }
    TRY(const auto found, store::find_refresh_token(transaction, asked.hash));
    if (!found || found->family.client != asked.client.id || found->family.revoked_at) {
        return std::optional<TokenSubject>();
    }
    // RFC 7009 2.1: with the refresh token go the access tokens of the same grant.
    TRY_VOID(store::revoke_family(transaction, found->family.id, asked.now));
    return std::optional(TokenSubject{.client = asked.client,
                                      .family = found->family.id,
                                      .user = found->family.user,
                                      .tenant = found->family.tenant,
                                      .scopes = ScopeSet::from_bits(found->family.scopes)});
}

}  // namespace

base::Task<void> TokenService::revoke(Client client, std::string token) {
    Withdrawal asked{std::move(client), crypto::sha256(token), now_()};
    auto work = [this, asked = std::move(asked),
                 guard = clock_.begin()](store::Transaction& transaction) -> Result<void> {
        TRY(const auto ended, end_token(transaction, asked));
        return ended ? trail_.append(transaction, token_record("token_revoked", "ok", *ended)) : Result<void>();
    };
    co_return co_await store_.write<void>(work);
}

}  // namespace quell::identity
