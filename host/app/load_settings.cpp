// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/load_settings.hpp"

#include "app/install_layout.hpp"

namespace quell::app {

config::Loaded load_settings(const std::filesystem::path& quell_toml) {
    config::Loaded loaded = config::load(quell_toml);
    if (auto& directory = loaded.settings.plugin_trust.directory; directory.empty()) {
        directory = install_layout().plugins;
    }
    return loaded;
}

}  // namespace quell::app
