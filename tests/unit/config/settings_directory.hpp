// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "config/load.hpp"

namespace quell::config {

// A directory of settings that goes when the test ends.
class SettingsDirectory {
  public:
    SettingsDirectory() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "quell-config-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    SettingsDirectory(const SettingsDirectory&) = delete;
    SettingsDirectory& operator=(const SettingsDirectory&) = delete;
    ~SettingsDirectory() { std::filesystem::remove_all(path_); }

    const std::filesystem::path& path() const { return path_; }

    SettingsDirectory& write(const std::string& name, const std::string& text) {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << text;
        return *this;
    }

    Loaded load(const LoadOptions& options = {.require_store_key = false}) const {
        return config::load(path_ / "quell.toml", options);
    }

    // "quell.toml:3:5: message" for each mistake.
    std::vector<std::string> errors(const LoadOptions& options = {
                                        .require_store_key = false}) const {
        std::vector<std::string> found;
        for (Diagnostic error : load(options).errors) {
            error.file = std::filesystem::path(error.file).lexically_relative(path_).string();
            found.push_back(to_string(error));
        }
        return found;
    }

  private:
    std::filesystem::path path_;
};

inline std::vector<std::string> errors_of(const std::string& quell_toml) {
    return SettingsDirectory().write("quell.toml", quell_toml).errors();
}

inline std::vector<std::string> errors_of_tenant(const std::string& tenant_toml) {
    return SettingsDirectory()
        .write("quell.toml", "[plugins.okta-sessions]\nlibrary = \"okta-sessions.so\"\n")
        .write("tenants/acme.toml", tenant_toml)
        .errors();
}

}  // namespace quell::config
