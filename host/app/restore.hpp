// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <filesystem>

#include "app/commands.hpp"
#include "config/settings.hpp"

namespace quell::app {

// `quell restore FILE`, with the host stopped: looks into a copy of the backup (pages, schema, audit chains under this
// host's key) before anything is changed, keeps the present file aside, and records it in the host's chain. Tokens and
// login sessions of the backup end. The backup itself is only read.
Result<json::Value> restore_store(const config::Settings& settings, const std::filesystem::path& backup,
                                  const Actor& actor);

}  // namespace quell::app
