// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/thread_pool.hpp>

#include "app/run_command.hpp"
#include "http/router.hpp"

namespace quell::app {

// POST /command on the admin socket: {"command", "arguments"} from the `quell` program, answered with the command's
// JSON or an error document. The socket's file mode and the peer check of http::Server are its only guards.
// Commands block, so they run on a thread of their own, one after the other.
class AdminSocket {
  public:
    explicit AdminSocket(Services& services) : services_(services), worker_(1) {}
    ~AdminSocket() { stop(); }

    void add_routes(http::Router& router);
    void stop();

  private:
    http::Answer handle(const http::Request& request);
    http::Response run(const std::string& body, const Actor& actor);

    Services& services_;
    boost::asio::thread_pool worker_;
};

}  // namespace quell::app
