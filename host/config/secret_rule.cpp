// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "config/secret_rule.hpp"

#include <algorithm>
#include <array>

#include "config/network_names.hpp"
#include "json/nearest.hpp"
#include "json/pointer.hpp"

namespace quell::config {
namespace {

constexpr std::array<std::string_view, 4> kBuiltInRoles = {"owner", "admin", "analyst", "viewer"};

bool is_operation(std::string_view text) { return text == "read" || text == "write"; }

bool is_built_in(std::string_view name) {
    return std::find(kBuiltInRoles.begin(), kBuiltInRoles.end(), name) != kBuiltInRoles.end();
}

// "user:UUID", "user_UUID".
bool names_user(std::string_view text) { return text.starts_with("user:") || text.starts_with("user_"); }

}  // namespace

Result<void> set_permissions(std::span<const std::string> permissions, SecretRule& out) {
    if (permissions.empty() || !std::all_of(permissions.begin(), permissions.end(), is_operation)) {
        return invalid_arguments("must hold \"read\", \"write\" or both");
    }
    out.may_read = std::find(permissions.begin(), permissions.end(), "read") != permissions.end();
    out.may_write = std::find(permissions.begin(), permissions.end(), "write") != permissions.end();
    return {};
}

Result<void> check_auto_approval(const AutoApproval& given) {
    if (!std::all_of(given.operations.begin(), given.operations.end(), is_operation)) {
        return invalid_arguments("has operations other than \"read\" and \"write\"");
    }
    if (given.enabled && !given.time_window && given.requesters.empty() && given.operations.empty()) {
        return invalid_arguments("needs at least one condition: a time window, requesters or operations");
    }
    return {};
}

Result<void> check_approver(std::string_view approver, const ApprovalSettings& approvals) {
    if (approver.find('@') != std::string_view::npos || names_user(approver) || is_built_in(approver) ||
        approvals.roles.contains(approver)) {
        return {};
    }
    std::vector<std::string_view> known(kBuiltInRoles.begin(), kBuiltInRoles.end());
    for (const auto& [name, users] : approvals.roles) {
        known.push_back(name);
    }
    return invalid_arguments("names `" + json::shortened(approver) + "`, which is no e-mail, no user's id and no role" +
                             json::nearest_hint(approver, known) + "; the tenant's own roles stand in [approvals.roles]");
}

Result<void> check_role_name(std::string_view name) {
    if (is_built_in(name) || !is_plain_name(name) || names_user(name)) {
        return invalid_arguments("is no name for a role: lower-case letters, digits, - and _, and none of owner, admin, "
                                 "analyst and viewer");
    }
    return {};
}

Result<void> check_source(std::string_view source, const ResourcePattern& pattern) {
    const std::size_t colon = source.find(':'), hash = source.rfind('#');
    const bool has_parts = colon != std::string_view::npos && is_plain_name(source.substr(0, colon)) &&
                           hash != std::string_view::npos && hash > colon + 1 && hash + 1 < source.size();
    if (!has_parts) {
        return invalid_arguments("must look like \"vault:kv/acme/{name}#value\": a connector, a path and a field");
    }
    for (std::size_t open = source.find('{'); open != std::string_view::npos; open = source.find('{', open + 1)) {
        const std::size_t close = source.find('}', open);
        const std::string variable(source.substr(open, close == std::string_view::npos ? close : close - open + 1));
        if (variable != "{name}" && pattern.text().find("/" + variable) == std::string::npos) {
            return invalid_arguments("has " + variable + ", which the pattern has not; {name} is the resource's last part");
        }
    }
    return {};
}

}  // namespace quell::config
