// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "plugins/unique_fd.hpp"

namespace quell::plugins {

// The bytes of one plugin file: read once, hashed, and sealed in memory, so that what was checked is what is loaded
// whatever happens to the file afterwards (PLUGIN-ABI.md 1.3).
struct PluginFile {
    std::string name;      // the library's file name
    std::string sha256;    // of exactly the bytes in `memory`, lower-case hex
    std::string manifest;  // the text of the section .quell.manifest
    std::size_t size = 0;
    UniqueFd memory;  // memfd that nobody can write, shrink or grow any more
};

// Opens `library` in `directory`. Refuses (connector_misconfigured, with the reason): a path instead of a name, a
// symbolic link, what is not a regular file, a file or directory that others than root and this user own or may
// write (PL-09), more than 64 MiB, and what is not a plugin by its section. Runs no code of the file.
Result<PluginFile> open_plugin(const std::filesystem::path& directory, const std::filesystem::path& library);

// For `quell plugin inspect` and `hash`: the same reading, wherever the file lies and whoever may write it. Nothing that
// comes from here is ever loaded.
Result<PluginFile> inspect_plugin(const std::filesystem::path& file);

// open_plugin(), and the digest must be the pin. No pin is refused as well, and the message names the command.
Result<PluginFile> open_pinned(const std::filesystem::path& directory, const std::filesystem::path& library,
                               const std::string& sha256);

}  // namespace quell::plugins
