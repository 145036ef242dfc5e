// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/secret_ref.hpp"
#include "config/settings.hpp"
#include "plugins/manifest.hpp"

namespace quell::plugins {

// A setting whose value lies in a backend: { secret = "CONNECTOR:path#field" }.
struct SecretReference {
    std::string setting;
    config::BackendSecret where;
};

// Those of a connector whose settings are without mistakes.
std::vector<SecretReference> find_references(const config::ConnectorSettings& settings, const Manifest& manifest);

// The manifest of a connector's plugin; null if there is none, or if it cannot be read.
using ManifestOf = std::function<const Manifest*(const config::ConnectorSettings&)>;

// Why a reference of this connector leads nowhere: the tenant has no such connector (PL-10: another tenant's is none),
// it is switched off, keeps no secrets, or needs, over however many steps, a secret of this connector itself. The
// message names the setting.
std::optional<std::string> find_objection(const SecretReference& reference, const config::ConnectorSettings& from,
                                          const config::TenantSettings& tenant, const ManifestOf& manifest_of);

}  // namespace quell::plugins
