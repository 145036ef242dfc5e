// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <quell/session_revocation.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace okta_sessions {

// Okta's own words for a refusal; empty if the body does not say or the words have another form
// than Okta's.
struct OktaError {
    std::string code;  // "E0000006"
    std::string id;    // what Okta's support asks for
};

// Nothing if the body is not what the contract says: then it is no success, whatever the status.
std::optional<quell::Account> read_user(std::string_view body);
std::optional<std::vector<quell::Account>> read_users(std::string_view body);

// Ids of the clients that hold tokens of a user.
std::optional<std::vector<std::string>> read_client_ids(std::string_view body);

OktaError read_error(std::string_view body);

// A user in this state is deactivated: there is nobody to sign in and nothing to end.
bool is_deprovisioned(const quell::Account& account);
bool is_suspended(const quell::Account& account);

}  // namespace okta_sessions
