// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace vault_secrets {

// What a node of Vault says about itself (GET sys/health).
enum class BackendState {
    active,
    standby,
    performance_standby,
    disaster_recovery,
    sealed,
    uninitialised,
    unknown  // an answer that is not Vault's
};

// By the answer's body: the status is asked to be 200 whatever the state, since a 5xx would make the
// host leave the provider alone for a while.
BackendState read_state(int status, const nlohmann::json& health);

// For an administrator: what is wrong and what to do about it. Empty for `active`.
std::string explanation(BackendState state);

}  // namespace vault_secrets
