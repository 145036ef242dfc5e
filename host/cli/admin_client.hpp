// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "json/value.hpp"

namespace quell::cli {

// Asks the running host over its Unix socket (INTERFACES.md 4). nullopt: no host listens there.
// The host's own errors come back as Errors; a broken connection is `unavailable`.
std::optional<Result<json::Value>> ask_host(const std::filesystem::path& socket, std::string_view command,
                                            const json::Object& arguments);

}  // namespace quell::cli
