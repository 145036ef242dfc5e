// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>

#include "audit/trail.hpp"
#include "identity/token_service.hpp"
#include "store/statement.hpp"

// What the grants share: rows of new tokens and their audit record, inside the grant's transaction.
namespace quell::identity {

// What a grant's transaction decided. A refusal is committed as well: what it kills stays dead.
struct Outcome {
    std::optional<Error> refusal{};
    IssuedTokens tokens{};
};

Outcome refused(std::string_view key, std::string_view message);
Outcome invalid_grant(std::string_view message);

// For whom and what an access token is.
struct TokenSubject {
    const Client& client;
    std::optional<std::string> family;
    std::optional<UserId> user;
    TenantId tenant;
    ScopeSet scopes;
};

// A new access token; notes the client's use (V28).
Result<IssuedTokens> issue_access_token(store::Transaction& transaction, const TokenSubject& subject,
                                        std::string_view audience, WallTime now);
Result<std::string> issue_refresh_token(store::Transaction& transaction, std::string_view family, WallTime now);

audit::Record token_record(std::string_view event, std::string_view outcome, const TokenSubject& subject);

// The scopes of a request at the token endpoint; nullopt if a word is unknown.
std::optional<ScopeSet> parse_all_scopes(std::string_view text);

}  // namespace quell::identity
