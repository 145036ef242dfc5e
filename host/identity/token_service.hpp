// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "audit/trail.hpp"
#include "base/task.hpp"
#include "identity/clients.hpp"
#include "identity/lifetimes.hpp"
#include "identity/users.hpp"
#include "store/store.hpp"

namespace quell::identity {

// What a person allowed at the consent page.
struct Approval {
    Client client;
    User user;
    TenantId tenant;
    ScopeSet scopes;
    std::string redirect_uri;
    std::string code_challenge;
    // The client came with the request (by a document, as a new or the shared one) and is stored as it is now.
    bool saves_client = false;
};

struct IssuedTokens {
    std::string access_token;
    std::string refresh_token;  // empty where none is given
    ScopeSet scopes;
    std::chrono::seconds expires_in{};
};

// A token that works now, as its own client may know it (RFC 7662).
struct TokenFacts {
    bool is_access_token = true;  // else a refresh token
    ClientId client;
    std::string subject;   // the principal's id
    std::string username;  // the user's e-mail; empty where the client acts for itself
    ScopeSet scopes;
    WallTime created_at{};
    WallTime expires_at{};
};

// Codes, families and tokens (INTERFACES.md 5). Each call is one write transaction with its audit record. Only hashes
// are stored. Any I/O thread. Refusals carry the wire's own words as key: invalid_grant, invalid_scope,
// unauthorized_client. The caller has authenticated the client.
class TokenService {
  public:
    TokenService(store::Store& store, audit::Trail& trail, RevocationClock& clock, std::string_view public_url,
                 Now now = wall_now)
        : store_(store),
          trail_(trail),
          clock_(clock),
          audience_(std::string(public_url) + "/mcp"),
          now_(std::move(now)) {}

    // The code for an approval, which is remembered (E11).
    base::Task<std::string> approve(Approval approval);
    // A code for an approval that is remembered already.
    base::Task<std::string> issue_code(Approval approval);
    // Whether this user's consent to this client in this tenant covers the scopes and is not too old.
    Result<bool> remembers(const Approval& approval) const;

    // Once only; a second time kills what the first one gave (OA-01). `redirect_uri` is compared if it is not empty:
    // OAuth 2.1 leaves it out, RFC 6749 4.1.3 sends it. `verifier` is required (OA-05, OA-06).
    base::Task<IssuedTokens> redeem(Client client, std::string code, std::string redirect_uri, std::string verifier);
    // Rotates. A used token gives a sibling for 30 seconds and kills its family later (OA-08). `scope`, if any,
    // narrows this access token only (OA-09).
    base::Task<IssuedTokens> refresh(Client client, std::string token, std::optional<std::string> scope);
    // For confidential clients with that grant; no refresh token. `scope` absent: all that the client may have.
    base::Task<IssuedTokens> client_credentials(Client client, std::optional<std::string> scope);

    // A client learns of its own tokens only: nullopt for every other one, dead or not (OA-20). Of a refresh token that
    // was used already it is told that it is dead.
    Result<std::optional<TokenFacts>> introspect(const Client& client, std::string_view token) const;
    // Ends an access token, or a refresh token with all that descends from its code. Another client's stays (OA-19).
    base::Task<void> revoke(Client client, std::string token);

    // The client that a code or a refresh token was given to, if it was made by an administrator's consent: such a
    // client need not know its id (V08). Says nothing about whether the credential still works.
    Result<std::optional<Client>> consented_client_of_code(std::string_view code) const;
    Result<std::optional<Client>> consented_client_of_refresh_token(std::string_view token) const;

    const std::string& audience() const { return audience_; }

  private:
    store::Store& store_;
    audit::Trail& trail_;
    RevocationClock& clock_;
    std::string audience_;
    Now now_;
};

}  // namespace quell::identity
