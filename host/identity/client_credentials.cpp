// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/issuing.hpp"
#include "store/clients.hpp"

namespace quell::identity {

base::Task<IssuedTokens> TokenService::client_credentials(Client client, std::optional<std::string> scope) {
    if (!client.confidential || !client.may_use(GrantType::client_credentials)) {
        co_return *refused("unauthorized_client", "This client may not use client_credentials.").refusal;
    }
    // Unknown and disallowed scopes are narrowed away; only an empty rest is an error (INTERFACES.md 5).
    const ScopeSet scopes = (scope ? ScopeSet::parse_known(*scope) : ScopeSet::usual()) & client.scopes;
    if (scopes.empty()) {
        co_return *refused("invalid_scope", "None of these scopes may be given to this client.").refusal;
    }
    auto work = [this, scopes, now = now_(),
                 client = std::move(client)](store::Transaction& transaction) -> Result<IssuedTokens> {
        TRY(const auto present, store::find_client(transaction, client.id));
        if (!present) {
            return *refused("invalid_client", "The client was deleted.").refusal;
        }
        const TokenSubject subject{
            .client = client, .family = {}, .user = {}, .tenant = client.tenant, .scopes = scopes};
        TRY(IssuedTokens tokens, issue_access_token(transaction, subject, audience_, now));
        TRY_VOID(trail_.append(transaction, token_record("token_issued", "ok", subject)));
        return tokens;
    };
    co_return co_await store_.write<IssuedTokens>(work);
}

}  // namespace quell::identity
