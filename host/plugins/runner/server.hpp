// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "plugins/runner/call.hpp"
#include "plugins/runner/services.hpp"

namespace quell::runner {

// Serves one plugin to the host: reads frames on the calling thread, runs the plugin's functions on its own
// worker threads, made as they are needed. The host is trusted; the plugin's misuse ends as a failed call.
class Server {
  public:
    Server(const quell_plugin& plugin, Channel& channel, unsigned threads);
    // Until the host closes its end; then waits for the destroy calls and returns.
    void run(int fd);

  private:
    struct Instance {
        std::unique_ptr<quell_host> host;
        quell_instance* plugin = nullptr;
        std::shared_mutex in_use;  // shared by its calls; destroy waits for all of them
    };
    using Task = std::function<void()>;

    void dispatch(const plugins::Frame& frame);
    void enqueue(Task task);
    void work();
    void wait_until_idle();

    void create(const Json& head, const std::string& config);
    void destroy(std::uint64_t id);
    void call(const Json& head, const std::string& request);
    std::shared_ptr<Instance> find(std::uint64_t id);

    const quell_plugin& plugin_;
    Channel& channel_;
    const unsigned threads_;
    Calls calls_;

    std::shared_mutex instances_mutex_;
    std::map<std::uint64_t, std::shared_ptr<Instance>> instances_;

    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable idle_changed_;
    std::deque<Task> queue_;
    unsigned started_ = 0;
    unsigned idle_ = 0;
};

}  // namespace quell::runner
