// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace quell::runner {

enum class Sandbox { required, best, off };

// What the host says on the command line: quell-plugin-runner PLUGIN PARENT_PID SANDBOX MEMORY_MB THREADS.
// PLUGIN is there for people who read `ps`.
struct Options {
    pid_t parent = 0;
    Sandbox sandbox = Sandbox::required;
    std::uint64_t memory_mb = 0;
    unsigned threads = 1;
};

std::optional<Options> parse_options(int count, char** values);

}  // namespace quell::runner
