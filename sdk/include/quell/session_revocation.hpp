// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quell/call.hpp>
#include <quell/device.hpp>
#include <quell/result.hpp>

namespace quell::inline v1 {

struct AccountLookup {
    std::string username{};
};

// An account that matches a user name exactly.
struct Account {
    std::string provider_user_id{};
    std::string login{};
    std::optional<std::string> email{};
    std::optional<std::string> status{};  // the provider's word
};

struct RevokeRequest {
    std::vector<std::string> user_ids{};
    std::string reason{};
    std::string request_id{};
};

enum class AccountResult { revoked, user_not_found, failed };

constexpr std::string_view to_string(AccountResult result) {
    switch (result) {
        case AccountResult::revoked:
            return "revoked";
        case AccountResult::user_not_found:
            return "user_not_found";
        case AccountResult::failed:
            return "failed";
    }
    return "failed";
}

// What became of one account.
struct AccountOutcome {
    std::string provider_user_id{};
    AccountResult result = AccountResult::failed;
    std::optional<Error> error{};
    Metadata metadata{};
};

inline AccountOutcome revoked(std::string id, Metadata metadata = {}) {
    return AccountOutcome{std::move(id), AccountResult::revoked, {}, std::move(metadata)};
}

inline AccountOutcome user_not_found(std::string id, Error error) {
    return AccountOutcome{std::move(id), AccountResult::user_not_found, std::move(error), {}};
}

inline AccountOutcome revocation_failed(std::string id, Error error) {
    return AccountOutcome{std::move(id), AccountResult::failed, std::move(error), {}};
}

// "session_revocation/1": find accounts and end their sessions. Derive from it. Threads: as for
// DeviceContainment.
class SessionRevocation {
  public:
    virtual ~SessionRevocation() = default;

    // The accounts that match the user name exactly; none is an empty list. Several are all
    // returned: the host refuses an ambiguous name. Read-only.
    virtual Result<std::vector<Account>> resolve(Call& call, const AccountLookup& lookup) = 0;

    // Ends the sessions of account ids that resolve returned: exactly one outcome per id.
    virtual Result<std::vector<AccountOutcome>> revoke(Call& call,
                                                       const RevokeRequest& request) = 0;
};

}  // namespace quell::inline v1
