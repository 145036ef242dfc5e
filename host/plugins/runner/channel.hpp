// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <mutex>
#include <nlohmann/json.hpp>
#include <string_view>

#include "plugins/runner/frame.hpp"

namespace quell::runner {

using Json = nlohmann::json;

// The sending half of the socket to the host. Any thread; a frame leaves whole.
// A host that no longer reads means that the runner has no reason to live: it ends at once.
class Channel {
  public:
    explicit Channel(int fd) : fd_(fd) {}
    // False if head or body exceed the caps; nothing is sent then.
    bool send(plugins::FrameType type, const Json& head, std::string_view body = {});

  private:
    int fd_;
    std::mutex mutex_;
};

}  // namespace quell::runner
