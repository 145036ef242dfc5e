// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "json/value.hpp"

namespace quell::revocation {

// What revoke_sessions is asked, from any door (V44).
struct RevokeArguments {
    std::string username;
    std::optional<std::vector<std::string>> integration_targets;
    std::optional<std::string> reason;
    bool dry_run = false;
    std::optional<std::string> idempotency_key;
};

// invalid_arguments for a missing, unknown or wrong member; invalid_lookup_value as check_username().
Result<RevokeArguments> read_arguments(const json::Object& object);

// PF-14: a login or e-mail address as people write them. Wildcards, quotes, slashes, white space and control
// characters are refused as invalid_lookup_value with the remedy; the refused value is not repeated.
Result<void> check_username(std::string_view username);

}  // namespace quell::revocation
