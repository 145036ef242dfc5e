// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <string>

#include "base/secret_string.hpp"
#include "base/task.hpp"

namespace quell::identity {

// Checks passwords away from the I/O threads, so many at a time that logins cannot take all CPU and memory (19 MiB
// each): one thread and a short queue. Owned by app; any I/O thread may call. Beyond the queue: rate_limited.
// Stop it before the io_contexts of its callers go.
class PasswordPool {
  public:
    explicit PasswordPool(std::size_t threads = 1, std::size_t max_waiting = 32)
        : max_waiting_(max_waiting), pool_(threads) {}
    ~PasswordPool() { stop(); }

    base::Task<bool> matches(std::string encoded, SecretString password);
    // Finishes what runs, drops what waits.
    void stop();

  private:
    bool enter();

    const std::size_t max_waiting_;
    std::atomic<std::size_t> waiting_ = 0;
    boost::asio::thread_pool pool_;
};

}  // namespace quell::identity
