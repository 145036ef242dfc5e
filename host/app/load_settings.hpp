// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "config/load.hpp"

namespace quell::app {

// config::load(), with the plugins of this installation where the settings name no folder.
config::Loaded load_settings(const std::filesystem::path& quell_toml);

}  // namespace quell::app
