// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/result.hpp"
#include "config/settings.hpp"

namespace quell::app {

// `quell serve`: runs the host until SIGTERM or SIGINT.
Result<void> run_serve(const config::Settings& settings);

}  // namespace quell::app
