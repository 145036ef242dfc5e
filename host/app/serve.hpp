// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <vector>

#include "config/load.hpp"
#include "config/settings.hpp"

namespace quell::app {

// `quell serve`: runs the host until SIGTERM or SIGINT.
Result<void> run_serve(const config::Settings& settings);

// What `quell check` finds beyond the files' form: secrets that cannot be read, plugins that would not be loaded,
// connector settings that break a plugin's schema. Starts nothing and changes nothing.
std::vector<config::Diagnostic> check_settings(const config::Settings& settings);

}  // namespace quell::app
