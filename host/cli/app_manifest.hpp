// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

#include "config/settings.hpp"
#include "json/value.hpp"

namespace quell::cli {

// What to enter at the provider for a connector, with this host's address in it; runs no plugin code. `tenant` may be empty
// where there is one. invalid_arguments for a connector that is not there, or whose plugin has nothing to enter.
Result<json::Value> app_manifest(const config::Settings& settings, const std::string& tenant, const std::string& connector);

}  // namespace quell::cli
