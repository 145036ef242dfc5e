// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

#include "base/result.hpp"

namespace quell::http {

// Whether a Unix socket may be made at `path`: nothing is there, or a socket that an ended process left behind.
// What is no socket, a socket that somebody listens on, a path too long or a missing folder: failed_precondition.
// Changes nothing.
Result<void> check_unix_path(const std::string& path);

// The socket file that a server made, so that at its end it removes that file and no other's.
class UnixSocketFile {
  public:
    // The file at `path` as it is now.
    explicit UnixSocketFile(std::string path);
    UnixSocketFile(const UnixSocketFile&) = delete;
    UnixSocketFile& operator=(const UnixSocketFile&) = delete;
    ~UnixSocketFile();

  private:
    std::string path_;
    std::optional<struct stat> made_;
};

}  // namespace quell::http
