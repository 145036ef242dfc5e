// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "plugins/unique_fd.hpp"

namespace quell::plugins {

// A started runner; the descriptors are the host's ends. Whoever holds it reaps the process.
struct SpawnedRunner {
    pid_t pid = -1;
    UniqueFd socket;
    UniqueFd output;  // what the runner writes to its standard output and error
};

// Starts runner processes from one thread that lives as long as it does: a runner's parent-death signal fires when
// the thread that started it ends (INTERFACES.md 6). Must outlive every runner. spawn() may be called on any thread
// and takes about a millisecond.
class Spawner {
  public:
    explicit Spawner(std::filesystem::path runner);
    ~Spawner();
    Spawner(const Spawner&) = delete;
    Spawner& operator=(const Spawner&) = delete;

    struct Request {
        std::string plugin;
        std::string sandbox;
        std::int64_t memory_mb = 0;
        std::size_t threads = 1;
        int library = -1;  // the sealed bytes, borrowed
    };
    Result<SpawnedRunner> spawn(const Request& request);

  private:
    void work();
    Result<SpawnedRunner> start(const Request& request) const;

    const std::filesystem::path runner_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> tasks_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace quell::plugins
