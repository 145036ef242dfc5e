// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <vector>

#include <quell/call.hpp>
#include <quell/person.hpp>
#include <quell/result.hpp>

namespace quell::inline v1 {

struct FoundUser {
    std::string provider_user_id{};
    // By the provider's own record, and only if the user cannot set it alone: the host decides by
    // it who somebody is.
    std::optional<std::string> email{};
    std::optional<std::string> name{};
    bool active = false;  // false: deactivated, or no person
};

// "identity_lookup/1": which account is whose. Derive from it. Read-only.
class IdentityLookup {
  public:
    virtual ~IdentityLookup() = default;

    // The accounts that match exactly; none is an empty list. One of the person's two members is
    // there.
    virtual Result<std::vector<FoundUser>> find_user(Call& call, const Person& person) = 0;
};

}  // namespace quell::inline v1
