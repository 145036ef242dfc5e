// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "approvals/approval.hpp"
#include "config/secret_settings.hpp"
#include "identity/principal.hpp"
#include "store/statement.hpp"

namespace quell::approvals {

// The approval settings of a tenant at this moment.
using PresentSettings = std::function<config::ApprovalSettings(const TenantId& tenant)>;

// Who decides, as the store knows them now.
struct Decider {
    std::string id;     // a principal's id
    std::string email;  // empty: no person
    std::string role;   // in the tenant
    bool is_command_line = false;

    bool is_administrator() const { return is_command_line || role == "owner" || role == "admin"; }
};

// A user with their present e-mail and role, or the command line of this host. A client that acts for itself decides nothing.
Result<Decider> decider_of(store::Reader& reader, const identity::Principal& principal);

// A11: approvers are users by id, by e-mail, or by a role, the tenant's own or one of INTERFACES.md 5; none named: the
// tenant's administrators. The command line acts with the rights of the host's operator and may decide everything.
bool is_approver(const Decider& decider, const std::vector<std::string>& approvers, const config::ApprovalSettings& settings);

// permission_denied: nobody decides what they asked for themselves, and nobody else than the approvers does (TN-06).
Result<void> check_decider(const Decider& decider, const Approval& approval, const config::ApprovalSettings& settings);

}  // namespace quell::approvals
