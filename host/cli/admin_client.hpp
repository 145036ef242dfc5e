// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "json/value.hpp"

namespace quell::cli {

// Whether a host listens there.
bool is_host_running(const std::filesystem::path& socket);

// Asks the running host over its Unix socket (INTERFACES.md 4). nullopt: no host listens there.
// The host's own errors come back as Errors; a broken connection is `unavailable`, a socket of somebody else
// `permission_denied`.
std::optional<Result<json::Value>> ask_host(const std::filesystem::path& socket, std::string_view command,
                                            const json::Object& arguments);

}  // namespace quell::cli
