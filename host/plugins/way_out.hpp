// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <mutex>

#include "base/error.hpp"

namespace quell::egress {
class ConnectorHttp;
}

namespace quell::plugins {

// A connector's way out, which is another one whenever a secret of its settings has another value. Any thread. A
// request that has begun ends on the way it began on.
class WayOut {
  public:
    // Null while it is closed.
    std::shared_ptr<egress::ConnectorHttp> get() const {
        const std::lock_guard lock(mutex_);
        return http_;
    }
    Error closed_because() const {
        const std::lock_guard lock(mutex_);
        return reason_;
    }
    void open(std::shared_ptr<egress::ConnectorHttp> http) {
        const std::lock_guard lock(mutex_);
        http_ = std::move(http);
    }
    void close(Error reason) {
        const std::lock_guard lock(mutex_);
        http_.reset();
        reason_ = std::move(reason);
    }

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<egress::ConnectorHttp> http_;
    Error reason_ = Error(Code::unavailable, "connector_unavailable", "The connector is not ready.");
};

}  // namespace quell::plugins
