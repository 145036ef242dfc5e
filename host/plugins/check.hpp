// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <vector>

#include "config/load.hpp"
#include "config/settings.hpp"

namespace quell::plugins {

// What `quell check` says about plugins and connectors, without running plugin code and without a side effect: files,
// pins and manifests (PL-06, PL-09), connectors whose plugin is missing, settings against the manifest's schema with
// file, line and column (PL-08), secrets that cannot be read (OP-06), destinations that the admin does not allow.
std::vector<config::Diagnostic> check_plugins(const config::Settings& settings);

}  // namespace quell::plugins
