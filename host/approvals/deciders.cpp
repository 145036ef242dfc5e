// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "approvals/deciders.hpp"

#include <algorithm>

#include "store/users.hpp"

namespace quell::approvals {
namespace {

constexpr std::string_view kUserPrefix = "user:";

// "user:UUID", the model product's "user_UUID", and the bare id.
bool names_user(std::string_view entry, std::string_view principal) {
    if (!principal.starts_with(kUserPrefix)) {
        return false;
    }
    if (entry.starts_with(kUserPrefix) || entry.starts_with("user_")) {
        entry.remove_prefix(kUserPrefix.size());
    }
    return entry == principal.substr(kUserPrefix.size());
}

bool equals_email(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return a.size() == b.size() && !a.empty() &&
           std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

bool is_person(const Decider& decider, std::string_view entry) {
    return names_user(entry, decider.id) || equals_email(entry, decider.email);
}

bool is_named(const Decider& decider, std::string_view entry, const config::ApprovalSettings& settings) {
    if (is_person(decider, entry) || (!decider.role.empty() && entry == decider.role)) {
        return true;
    }
    const auto role = settings.roles.find(entry);
    return role != settings.roles.end() && std::any_of(role->second.begin(), role->second.end(), [&](const std::string& member) {
               return is_person(decider, member);
           });
}

}  // namespace

Result<Decider> decider_of(store::Reader& reader, const identity::Principal& principal) {
    Decider decider{.id = principal.id, .email = {}, .role = {}};
    decider.is_command_line = principal.id.starts_with("uid:");
    if (!principal.id.starts_with(kUserPrefix)) {
        return decider;
    }
    const UserId id(principal.id.substr(kUserPrefix.size()));
    TRY(const auto user, store::find_user(reader, id));
    TRY(const auto role, store::find_role(reader, id, principal.tenant));
    if (user && user->active && role) {
        decider.email = user->email;
        decider.role = *role;
    }
    return decider;
}

bool is_approver(const Decider& decider, const std::vector<std::string>& approvers, const config::ApprovalSettings& settings) {
    if (decider.is_command_line) {
        return true;
    }
    if (decider.role.empty()) {
        return false;
    }
    if (approvers.empty()) {
        return decider.is_administrator();
    }
    return std::any_of(approvers.begin(), approvers.end(),
                       [&](const std::string& entry) { return is_named(decider, entry, settings); });
}

Result<void> check_decider(const Decider& decider, const Approval& approval, const config::ApprovalSettings& settings) {
    if (decider.id == approval.requester) {
        return Error(Code::permission_denied, "own_request", "Nobody decides a request of their own.")
            .next_step("Ask another approver to decide " + approval.id + ".");
    }
    if (!is_approver(decider, approval.approvers, settings)) {
        return Error(Code::permission_denied, "not_an_approver", "You are not an approver of this request.")
            .next_step("Ask one of its approvers to decide " + approval.id + ".");
    }
    return {};
}

}  // namespace quell::approvals
