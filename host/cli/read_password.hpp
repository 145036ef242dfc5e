// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

namespace quell::cli {

// The first line of standard input. At a terminal it asks, and what is typed is not shown.
std::string read_password();

}  // namespace quell::cli
