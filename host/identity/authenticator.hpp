// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "identity/lifetimes.hpp"
#include "identity/presented_credential.hpp"
#include "identity/principal.hpp"
#include "identity/token_cache.hpp"
#include "store/store.hpp"

namespace quell::identity {

// Turns what a request brings into a Principal: SHA-256, then the exact cache, else one indexed read. Any thread, does
// not wait. Refusals are `credential_missing` or `invalid_token` (unauthenticated) and do not say more: unknown, expired,
// its client deleted, its family killed, its user without the tenant, meant for another resource than
// <public_url>/mcp (OA-12), a key from an address outside its list. Nobody has more scopes than the user's present role may grant.
class Authenticator {
  public:
    // `key_headers`: further names of headers that carry an API key.
    Authenticator(store::Store& store, const RevocationClock& clock, std::string_view public_url, Now now = wall_now,
                  std::vector<std::string> key_headers = {})
        : store_(store),
          clock_(clock),
          cache_(clock),
          audience_(std::string(public_url) + "/mcp"),
          now_(std::move(now)),
          key_headers_(std::move(key_headers)) {}

    Result<Principal> check(const http::Request& request);
    // A check of whether the credential of this request still holds, for when the request is gone. This object outlives it.
    std::function<bool()> still_holds(const http::Request& request);
    Result<Principal> check_bearer(std::string_view token);
    // `peer` is the address that it comes from.
    Result<Principal> check_key(std::string_view key, std::string_view peer);

  private:
    Result<CheckedToken> read(const crypto::Digest& hash);
    Result<CheckedToken> read_key(const crypto::Digest& hash);

    store::Store& store_;
    const RevocationClock& clock_;
    TokenCache cache_;
    std::string audience_;
    Now now_;
    std::vector<std::string> key_headers_;
};

}  // namespace quell::identity
