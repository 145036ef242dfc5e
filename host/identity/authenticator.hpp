// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "identity/lifetimes.hpp"
#include "identity/principal.hpp"
#include "identity/token_cache.hpp"
#include "store/store.hpp"

namespace quell::identity {

// Turns a bearer token into a Principal: SHA-256, then the exact cache, else one indexed read. Any thread, does not
// wait. Every refusal is the same `invalid_token` (unauthenticated): unknown, expired, its client deleted, its family
// killed, its user without the tenant, or meant for another resource than <public_url>/mcp (OA-12).
// A user's token never has more scopes than the user's present role may grant.
class Authenticator {
  public:
    Authenticator(store::Store& store, const RevocationClock& clock, std::string_view public_url, Now now = wall_now)
        : store_(store),
          clock_(clock),
          cache_(clock),
          audience_(std::string(public_url) + "/mcp"),
          now_(std::move(now)) {}

    Result<Principal> check_bearer(std::string_view token);

  private:
    Result<CheckedToken> read(const crypto::Digest& hash);

    store::Store& store_;
    const RevocationClock& clock_;
    TokenCache cache_;
    std::string audience_;
    Now now_;
};

// The token of an Authorization header ("Bearer xyz", RFC 6750 2.1; the scheme in any case); empty if it is no such.
std::string_view bearer_token(std::string_view authorization);

}  // namespace quell::identity
