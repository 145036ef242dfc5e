// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/result.hpp"
#include "config/settings.hpp"

namespace quell::app {

// Reads the files of `present` again for a reload (OP-02, OP-03): all that `quell check` would find refuses it, and so
// does a change of what only a restart can change: addresses, store, admin socket. The error's candidates are the
// mistakes, each with its place.
Result<config::Settings> reread_settings(const config::Settings& present);

}  // namespace quell::app
