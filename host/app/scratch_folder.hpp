// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace quell::app {

// A private folder (0700) under the system's temporary directory that goes with its owner.
class ScratchFolder {
  public:
    static Result<ScratchFolder> make();
    ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    ScratchFolder& operator=(ScratchFolder&&) = delete;
    ~ScratchFolder();

    const std::filesystem::path& path() const { return path_; }

  private:
    explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
};

// Writes a new file with mode 0600, in place of one that may be there.
Result<void> write_private_file(const std::filesystem::path& path, std::string_view text);

}  // namespace quell::app
