// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "app/commands.hpp"

namespace quell::app {

// Runs a command by name: in the running host for the admin socket, or in the program itself under the store's lock.
// Blocks. An unknown name is `unimplemented`: the program and the host are of different versions.
Result<json::Value> run_command(Services& services, std::string_view name, const json::Object& arguments,
                                      const Actor& actor);

}  // namespace quell::app
