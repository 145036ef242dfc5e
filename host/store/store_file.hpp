// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "base/result.hpp"

namespace quell::store {

// The right to use a store's file: an exclusive lock on "<file>.lock" for as long as this lives.
// Refuses (failed_precondition) a network file system, a file held by another process, and what is no plain file;
// refuses (data_loss) a file that is gone or empty while its log is still there, or that was cut to nothing.
class StoreFile {
  public:
    static Result<std::unique_ptr<StoreFile>> acquire(const std::filesystem::path& path);
    StoreFile(const StoreFile&) = delete;
    StoreFile& operator=(const StoreFile&) = delete;
    ~StoreFile();

    const std::filesystem::path& path() const { return path_; }
    // Makes a missing file with the newest schema, under another name until it is complete, so that a crash
    // never leaves an empty one behind. Existing ones are only looked at.
    Result<void> make_if_missing() const;

  private:
    StoreFile(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

    std::filesystem::path path_;
    int lock_;
};

// "<file>.restoring" is the copy of a restore that is not finished; while it is there, the store is refused.
inline constexpr std::string_view kRestoringSuffix = ".restoring";

// Whether statfs's f_type says that files there are another machine's: locks and shared memory do not hold.
bool is_network_file_system(long type);

}  // namespace quell::store
