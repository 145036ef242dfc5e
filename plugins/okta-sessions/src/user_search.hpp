// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <quell/result.hpp>
#include <quell/session_revocation.hpp>
#include <string>
#include <string_view>

namespace okta_sessions {

// Refuses what no user name can be: empty, longer than 255 bytes, with control characters.
quell::Result<void> check_username(std::string_view username);

// Whether Okta finds this user name as a segment of the path. It takes `me` for the caller itself,
// cannot find names with a slash that way, and a segment of dots would leave the path.
bool can_be_fetched(std::string_view username);

// The `search` expression for a user name; nothing if a fetch tells all. Matches whole values only.
std::optional<std::string> search_for(std::string_view username);

// True if the account's login, e-mail address or id is the user name. Okta's fetch also takes short
// forms of a login: those are no exact matches.
bool matches(const quell::Account& account, std::string_view username);

// An id as Okta makes them, safe in a path.
bool is_user_id(std::string_view text);

}  // namespace okta_sessions
