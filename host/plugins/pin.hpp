// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace quell::plugins {

// `quell plugin pin`: writes `sha256 = "..."` into the table [plugins.ID] of quell.toml. Everything else of the file
// stays as it is, comments too. The new file takes the old one's place by rename, with its mode and owner, and only
// if it reads back as meant. connector_misconfigured if there is no such table.
Result<void> write_pin(const std::filesystem::path& quell_toml, const PluginId& plugin, const std::string& sha256);

// The text of write_pin().
Result<std::string> with_pin(std::string_view toml, const PluginId& plugin, const std::string& sha256);

}  // namespace quell::plugins
