// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "policy/switches.hpp"

namespace quell::policy {
namespace {

struct Names {
    std::string_view what;
    std::string_view table;
    std::string_view disabled_key;
    std::string_view mcp_key;
};

constexpr Names kRevocation{"Session revocation", "session_revocation", "session_revocation_disabled",
                            "mcp_revocation_not_allowed"};
constexpr Names kContainment{"Device containment", "device_containment", "device_containment_disabled",
                             "mcp_containment_not_allowed"};

Error switched_off(const Names& names, std::string_view key, std::string_view how, std::string_view member) {
    Error error(Code::permission_denied, std::string(key), std::string(names.what) + std::string(how));
    return std::move(error).next_step(
        "Only the administrator of this host can turn it on: `" + std::string(member) + " = true` in the table `[" +
        std::string(names.table) + "]` of the tenant's settings. Do not try again until that is done.");
}

Result<void> check(const Names& names, bool enabled, bool allow_via_mcp, Entry entry) {
    if (!enabled) {
        return switched_off(names, names.disabled_key, " is switched off for this tenant.", "enabled");
    }
    if (entry == Entry::mcp && !allow_via_mcp) {
        return switched_off(names, names.mcp_key, " over MCP is switched off for this tenant.", "allow_via_mcp");
    }
    return {};
}

}  // namespace

Result<void> check_switches(const config::SessionRevocationSettings& settings, Entry entry) {
    return check(kRevocation, settings.enabled, settings.allow_via_mcp, entry);  // V60
}

Result<void> check_switches(const config::DeviceContainmentSettings& settings, Entry entry) {
    return check(kContainment, settings.enabled, settings.allow_via_mcp, entry);  // V61
}

}  // namespace quell::policy
