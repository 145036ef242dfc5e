// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "backend_state.hpp"

#include <optional>
#include <quell/json.hpp>
#include <string_view>

namespace vault_secrets {
namespace {

std::optional<bool> flag(const nlohmann::json& health, std::string_view name) {
    const nlohmann::json* value = quell::find_member(health, name);
    return value != nullptr && value->is_boolean() ? std::optional(value->get<bool>()) : std::nullopt;
}

// For a proxy that answers in the node's place, or a node that does not take the wished codes.
BackendState by_status(int status) {
    switch (status) {
        case 429:
            return BackendState::standby;
        case 472:
            return BackendState::disaster_recovery;
        case 473:
            return BackendState::performance_standby;
        case 501:
            return BackendState::uninitialised;
        case 503:
            return BackendState::sealed;
        default:
            return BackendState::unknown;
    }
}

}  // namespace

BackendState read_state(int status, const nlohmann::json& health) {
    const auto initialised = flag(health, "initialized");
    const auto sealed = flag(health, "sealed");
    if (!initialised || !sealed)
        return by_status(status);
    if (!*initialised)
        return BackendState::uninitialised;
    if (*sealed)
        return BackendState::sealed;
    if (quell::string_member(health, "replication_dr_mode") == "secondary")
        return BackendState::disaster_recovery;
    if (flag(health, "performance_standby").value_or(false))
        return BackendState::performance_standby;
    return flag(health, "standby").value_or(false) ? BackendState::standby : BackendState::active;
}

std::string explanation(BackendState state) {
    switch (state) {
        case BackendState::active:
            return "";
        case BackendState::standby:
            return "This node of Vault is a standby and does not pass the request on. Point base_url at the active "
                   "node, or at an address that follows it (its health check is GET /v1/sys/health).";
        case BackendState::performance_standby:
            return "This node of Vault is a performance standby that does not take the request. Point base_url at "
                   "the active node.";
        case BackendState::disaster_recovery:
            return "This node of Vault is a secondary for disaster recovery and serves nobody. Point base_url at "
                   "the primary cluster.";
        case BackendState::sealed:
            return "Vault is sealed: no secret can be had. Unseal it (`vault operator unseal` or `bao operator "
                   "unseal`); nothing has to be changed at Quell.";
        case BackendState::uninitialised:
            return "Vault is not initialised. Run `vault operator init` or `bao operator init`, unseal it and set up "
                   "the mounts and the policy.";
        case BackendState::unknown:
            break;
    }
    return "What answers at base_url is not Vault or OpenBao, or hides its health check (GET /v1/sys/health).";
}

}  // namespace vault_secrets
