// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <vector>

#include "config/diagnostic.hpp"
#include "config/settings.hpp"

namespace quell::app {

// What `quell check` finds beyond the files' form (OP-01): secrets that cannot be read, plugins that would not be
// loaded, connector settings that break a plugin's schema, addresses that cannot be listened on, TLS files that do not
// fit, folders that are missing. With `host_runs` its own addresses are in use rightly and not looked at.
// Starts nothing and changes nothing.
std::vector<config::Diagnostic> check_settings(const config::Settings& settings, bool host_runs);

}  // namespace quell::app
