// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstddef>

namespace quell::app {

// Raises the process's soft limit of open files to the hard one and answers how many of `wanted` connections fit into
// it beside the host's own files; says so in the log if they are fewer.
std::size_t connection_cap(std::size_t wanted);

}  // namespace quell::app
