// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <unistd.h>

namespace quell::config {

// Owns an open file; negative if opening failed.
class FileDescriptor {
  public:
    explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor() {
        if (descriptor_ >= 0)
            ::close(descriptor_);
    }
    int get() const { return descriptor_; }

  private:
    int descriptor_;
};

}  // namespace quell::config
