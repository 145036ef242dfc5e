// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/seal.hpp"
#include "identity/principal.hpp"

namespace quell::mcp {

// What a plugin wants back with the client's answers (`requestState`): sealed, so that the client can neither read nor change
// it (MC-13); bound to who was asked, and to the very request; good for ten minutes. For a call that acts, once only.
// Any thread.
class RequestStates {
  public:
    explicit RequestStates(const crypto::SealingKey& key) : key_(key) {}

    struct Binding {
        const identity::Principal& caller;
        std::string_view method;   // "tools/call"
        std::string_view name;     // of the tool or prompt, or the URI
        std::string arguments;     // canonical JSON text
        bool once = false;
    };
    std::string seal(std::string_view state, const Binding& binding, WallTime now) const;
    // invalid_argument for what was altered, belongs to another request or caller, is too old or was used before.
    Result<std::string> open(std::string_view sealed, const Binding& binding, WallTime now);

  private:
    Result<void> use_up(std::string_view nonce, WallTime expires_at, WallTime now);

    const crypto::SealingKey& key_;
    std::mutex mutex_;  // guards used_
    std::unordered_map<std::string, WallTime> used_;
};

}  // namespace quell::mcp
