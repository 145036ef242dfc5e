// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

#include "plugins/runner/channel.hpp"
#include "plugins/runner/options.hpp"

namespace quell::runner {

// What the runner got of what it asked for; the host shows it in `quell plugin list`.
struct SandboxReport {
    int landlock_abi = 0;  // 0: not there
    bool seccomp = false;
    std::uint64_t memory_mb = 0;  // 0: no limit (sanitizer builds)
    std::string refusal;          // why the plugin may not be loaded; empty if it may

    Json to_json() const;
};

// Ties the runner's life to its parent, then takes away what a plugin does not need. Called once, on the only
// thread, before any byte of the plugin is mapped.
SandboxReport confine(const Options& options);

// The two halves, each 0 or false where the kernel does not offer it.
int restrict_files();     // Landlock: read and execute below the system's library directories; returns its ABI
bool restrict_syscalls(); // seccomp: the deny list of system calls

}  // namespace quell::runner
