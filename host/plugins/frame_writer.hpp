// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <mutex>
#include <string_view>

#include "plugins/runner/frame.hpp"

namespace quell::plugins {

// The host's sending half of a runner's socket. Any thread; a frame leaves whole. Blocks while the runner does not
// read, until it is killed. Does not own the descriptor.
class FrameWriter {
  public:
    explicit FrameWriter(int fd) : fd_(fd) {}
    // False if the runner is gone, or if head or body exceed the caps; nothing is sent in the latter case.
    bool send(FrameType type, std::string_view head, std::string_view body = {});

  private:
    const int fd_;
    std::mutex mutex_;
};

}  // namespace quell::plugins
