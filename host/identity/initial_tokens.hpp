// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/trail.hpp"
#include "base/secret_string.hpp"
#include "identity/lifetimes.hpp"
#include "store/initial_access_tokens.hpp"
#include "store/store.hpp"

namespace quell::identity {

struct CreatedInitialToken {
    store::InitialAccessTokenRow row;
    SecretString token;  // shown this once
};

// Initial access tokens: whoever has one may register clients (RFC 7591 3), any number until it expires or is deleted.
// They belong to the host, not to a tenant. Any thread; the *_and_wait functions block.
class InitialTokens {
  public:
    InitialTokens(store::Store& store, audit::Trail& trail, Now now = wall_now)
        : store_(store), trail_(trail), now_(std::move(now)) {}

    // `name` tells people whose it is; `life` is a day to a year.
    Result<CreatedInitialToken> create_and_wait(std::string_view name, std::chrono::hours life, std::string_view actor);
    Result<std::vector<store::InitialAccessTokenRow>> list() const;
    // Clients that were registered with it stay.
    Result<void> remove_and_wait(std::string_view id, std::string_view actor);

    // The id of a token that is good now.
    Result<std::optional<std::string>> find(std::string_view token) const;

  private:
    store::Store& store_;
    audit::Trail& trail_;
    Now now_;
};

}  // namespace quell::identity
