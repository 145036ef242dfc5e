// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <filesystem>

namespace quell::app {

// Where the parts of an installation lie, found from the running executable: PREFIX/bin/quell.
struct InstallLayout {
    std::filesystem::path runner;      // PREFIX/libexec/quell-plugin-runner
    std::filesystem::path plugins;     // PREFIX/lib/quell/plugins
    std::filesystem::path simulators;  // PREFIX/share/quell/simulators
};

InstallLayout install_layout();

}  // namespace quell::app
