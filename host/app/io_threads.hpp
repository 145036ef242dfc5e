// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

namespace quell::app {

// The I/O threads, each with its own io_context (DESIGN.md 4.3). start() and stop() from the owner's thread.
class IoThreads {
  public:
    explicit IoThreads(unsigned count);
    ~IoThreads() { stop(); }

    std::vector<boost::asio::io_context*> contexts() const;
    void start();
    // Lets what is posted finish no more; joins.
    void stop();

  private:
    using Work = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
    struct Lane {
        Lane() : context(1), work(context.get_executor()) {}
        boost::asio::io_context context;
        Work work;
        std::thread thread;
    };
    std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace quell::app
