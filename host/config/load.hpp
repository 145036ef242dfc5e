// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/settings.hpp"

namespace quell::config {

// One mistake. to_string() is "file:line:column: message", the form that editors jump to.
struct Diagnostic {
    std::string file;
    int line = 0;
    int column = 0;
    std::string message;
};

std::string to_string(const Diagnostic& diagnostic);

struct LoadOptions {
    // `serve` and `check` need [store] key; `quell dev` makes one and other commands do without.
    bool require_store_key = true;
};

struct Loaded {
    Settings settings;  // to be used only if there are no errors
    std::vector<Diagnostic> errors;

    bool ok() const { return errors.empty(); }
};

// Reads quell.toml and tenants/*.toml beside it, without any side effect, and collects every
// mistake (OP-01, OP-05, PL-08). What cannot be read is a diagnostic as well. Secrets are not read
// here (config/secret_ref.hpp).
Loaded load(const std::filesystem::path& quell_toml, const LoadOptions& options = {});

}  // namespace quell::config
