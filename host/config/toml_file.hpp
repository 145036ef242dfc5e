// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostic.hpp"

// toml++ is named in this folder only.
namespace quell::config {

// The parsed text, or none and one diagnostic.
std::optional<toml::table> parse_toml(std::string_view text, const std::string& file,
                                      std::vector<Diagnostic>& errors);

// The same for a regular file of at most kMostTomlBytes.
std::optional<toml::table> read_toml(const std::filesystem::path& path,
                                     std::vector<Diagnostic>& errors);

}  // namespace quell::config
