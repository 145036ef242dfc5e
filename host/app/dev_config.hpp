// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <filesystem>
#include <string>

#include "app/dev.hpp"
#include "app/simulators.hpp"
#include "base/secret_string.hpp"

namespace quell::app {

inline constexpr std::string_view kDevTenant = "acme";

struct DevPorts {
    std::uint16_t server = 0;
    std::uint16_t admin = 0;
};

// Writes quell.toml, the tenant's file, the store's key and the providers' secrets into `folder`: the same files as
// an administrator writes, with pins of the plugins as they are now and egress to the simulators only.
// Returns the path of quell.toml.
Result<std::filesystem::path> write_dev_config(const std::filesystem::path& folder, const Simulators& simulators,
                                               const SecretString& okta_key, DevPorts ports,
                                               config::Isolation isolation);

}  // namespace quell::app
