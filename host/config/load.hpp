// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <filesystem>
#include <vector>

#include "config/diagnostic.hpp"
#include "config/settings.hpp"

namespace quell::config {

struct LoadOptions {
    // `serve` and `check` need [store] key; `dev` makes one and other commands do without.
    bool require_store_key = true;
};

struct Loaded {
    Settings settings;  // to be used only if there are no errors
    std::vector<Diagnostic> errors;
    bool names_socket = false;  // settings.admin is written down and sound, whatever else is wrong

    bool ok() const { return errors.empty(); }
};

// Reads quell.toml and tenants/*.toml beside it, without any side effect, and collects every
// mistake, in the order of files and lines (OP-01, OP-05, PL-08). A file that cannot be read or
// parsed is a diagnostic as well. Secrets are not read here (config/secret_ref.hpp), and
// connectors' settings are not checked against their plugin's schema (config/connector_check.hpp).
Loaded load(const std::filesystem::path& quell_toml, const LoadOptions& options = {});

}  // namespace quell::config
