// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "approvals/auto_approval.hpp"

#include <algorithm>

#include "store/clients.hpp"
#include "store/users.hpp"

namespace quell::approvals {
namespace {

bool holds(const std::vector<std::string>& wanted, std::string_view value) {
    return !value.empty() && std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

// Clients that nobody checked call themselves what they like.
Result<bool> names_known_client(store::Reader& reader, const std::vector<std::string>& wanted, const ClientId& id) {
    if (id.empty()) {
        return false;
    }
    TRY(const auto client, store::find_client(reader, id));
    return client && client->kind == "static" && holds(wanted, client->name);
}

Result<std::string> email_of(store::Reader& reader, const identity::Principal& requester) {
    if (!requester.id.starts_with("user:")) {
        return std::string();
    }
    TRY(const auto user, store::find_user(reader, UserId(requester.id.substr(5))));
    return user ? user->email : std::string();
}

Result<bool> is_among(store::Reader& reader, const std::vector<std::string>& wanted, const identity::Principal& requester) {
    if (wanted.empty() || holds(wanted, requester.id) || holds(wanted, requester.client.str()) || holds(wanted, requester.key_name)) {
        return true;
    }
    TRY(const std::string email, email_of(reader, requester));
    if (holds(wanted, email)) {
        return true;
    }
    return names_known_client(reader, wanted, requester.client);
}

}  // namespace

Result<bool> approves_by_itself(store::Reader& reader, const config::AutoApproval& rule, const identity::Principal& requester,
                                std::string_view operation, WallTime now) {
    const bool in_time = !rule.time_window || rule.time_window->contains(now);
    const bool may_be = rule.operations.empty() || holds(rule.operations, operation);
    if (!rule.enabled || !in_time || !may_be) {
        return false;
    }
    return is_among(reader, rule.requesters, requester);
}

}  // namespace quell::approvals
