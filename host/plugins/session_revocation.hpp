// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugins/connector.hpp"

namespace quell::plugins {

// session_revocation/1 (sdk/schema) as types.
inline constexpr std::string_view kSessionRevocation = "session_revocation/1";

struct Account {
    std::string provider_user_id;
    std::string login;
    std::optional<std::string> email;
    std::optional<std::string> status;
};

struct Revocation {
    std::vector<std::string> user_ids;
    std::string reason;
    std::string request_id;
};

struct AccountOutcome {
    std::string provider_user_id;
    bool confirmed = false;     // otherwise failed
    std::string outcome;        // revoked, user_not_found, failed
    std::optional<Error> error; // always there with failed
    json::Object result_metadata;
};

// As in device_containment.hpp: resolve_accounts runs read-only; exactly one outcome for each id.
base::Task<std::vector<Account>> resolve_accounts(const Connector& connector, const std::string& username,
                                                  CallOptions options);
base::Task<std::vector<AccountOutcome>> revoke(const Connector& connector, const Revocation& order,
                                               CallOptions options);

}  // namespace quell::plugins
