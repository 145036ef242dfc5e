// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugins/connector.hpp"
#include "plugins/person.hpp"

namespace quell::plugins {

// identity_lookup/1 (sdk/schema) as types.
inline constexpr std::string_view kIdentityLookup = "identity_lookup/1";

struct FoundUser {
    std::string provider_user_id;
    std::optional<std::string> email;  // by the provider's own record
    std::optional<std::string> name;
    bool active = false;
};

// The accounts that match exactly; none is an empty list. Read-only. A reply about an id that was not asked for is
// plugin_bad_result.
base::Task<std::vector<FoundUser>> find_user(const Connector& connector, const Person& person, CallOptions options);

}  // namespace quell::plugins
