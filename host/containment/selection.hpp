// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <span>
#include <vector>

#include "base/result.hpp"
#include "config/settings.hpp"
#include "containment/arguments.hpp"
#include "containment/device_connectors.hpp"

namespace quell::containment {

// Which connectors a call acts through.
struct Selection {
    std::vector<const Profile*> direct;   // understand the look-up themselves
    std::vector<const Profile*> via_mdm;  // EDRs that get an e-mail's devices from `mdms` (V57)
    std::vector<const Profile*> mdms;     // asked for an e-mail's devices; empty unless via_mdm is not
};

// The connectors for a call, before any of them is asked. Named connectors must all be able to do what is asked;
// without names those that cannot are left out. Refusals: those of policy::check_integration_targets,
// action_not_supported, lookup_type_not_supported, mdm_required_for_email_lookup.
Result<Selection> select(std::span<const Profile> enabled, const config::TenantSettings& tenant,
                         const ContainArguments& arguments);

// Keys of connectors that the product knows (V56).
inline constexpr std::array<std::string_view, 3> kReservedKeys = {"crowdstrike", "jamf", "phorion"};

}  // namespace quell::containment
