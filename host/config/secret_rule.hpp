// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/secret_settings.hpp"

// What a rule for secrets may say, wherever it comes from: TOML or the REST door. Errors are invalid_arguments; their message
// stands after the key's name.
namespace quell::config {

inline constexpr std::chrono::seconds kShortestAccess{60};
inline constexpr std::chrono::seconds kLongestAccess{30 * 24 * 3600};

// "read" and "write", at least one.
Result<void> set_permissions(std::span<const std::string> permissions, SecretRule& out);
// Enabled without a condition it would wave everybody through.
Result<void> check_auto_approval(const AutoApproval& given);
// An e-mail, a user's id, or a role that there is (A11): nobody could approve otherwise.
Result<void> check_approver(std::string_view approver, const ApprovalSettings& approvals);
// A tenant's own role: no e-mail, and not the name of a built-in one.
Result<void> check_role_name(std::string_view name);
// "CONNECTOR:path#field"; its {variables} are the pattern's, or {name}, the last part of the resource.
Result<void> check_source(std::string_view source, const ResourcePattern& pattern);

}  // namespace quell::config
