// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <span>

#include "config/settings.hpp"
#include "containment/device_connectors.hpp"
#include "json/value.hpp"
#include "policy/entry.hpp"

namespace quell::containment {

// What list_device_containment_capabilities answers (V55): supported and enabled keys, each enabled connector's
// actions and look-up types, the default targets, and the tenant's switches with what they refuse.
json::Object capabilities_document(std::span<const Profile> enabled, const config::TenantSettings& tenant,
                                   policy::Entry entry);

}  // namespace quell::containment
