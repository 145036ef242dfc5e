// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/diagnostic.hpp"

namespace quell::config {

inline constexpr std::size_t kMostTomlBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMostTomlLineBytes = 8 * 1024;
inline constexpr std::size_t kMostTomlKeyParts = 16;
inline constexpr std::size_t kMostTomlDepth = 32;

// What must hold before toml++ sees a text: it recurses once for each part of a dotted key and for
// each bracket, and very long keys overflow its stack. The first limit that is passed, if any.
std::optional<Diagnostic> exceeded_toml_limit(std::string_view text, const std::string& file);

}  // namespace quell::config
