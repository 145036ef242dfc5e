// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/install_layout.hpp"

namespace quell::app {

InstallLayout install_layout() {
    const auto prefix = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
    return {.runner = prefix / "libexec/quell-plugin-runner",
            .plugins = prefix / "lib/quell/plugins",
            .simulators = prefix / "share/quell/simulators"};
}

}  // namespace quell::app
