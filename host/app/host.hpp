// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>

#include "app/admin_socket.hpp"
#include "app/health.hpp"
#include "app/housekeeping.hpp"
#include "app/io_threads.hpp"
#include "app/services.hpp"
#include "config/settings.hpp"
#include "http/server.hpp"
#include "json/value.hpp"

namespace quell::app {

class Doors;

// The composition root: builds everything from the settings, starts it, and stops it in the reverse order.
// One owner thread. Signals that should stop the process are blocked before (block_stop_signals).
class Host {
  public:
    // Listens and serves when it returns. A plugin that cannot be loaded does not stop the host: plugin_status() and
    // the log say why.
    static Result<std::unique_ptr<Host>> start(const config::Settings& settings);
    ~Host();

    // /readyz answers 503 at once; running calls are finished, at most 30 s; then children and threads end (OP-04).
    void stop();

    Services& services() { return *services_; }
    json::Array plugin_status() const;

  private:
    explicit Host(const config::Settings& settings);

    Result<void> listen();

    const config::Settings settings_;
    IoThreads io_;
    std::unique_ptr<Services> services_;
    std::unique_ptr<Doors> doors_;         // OAuth and MCP
    std::unique_ptr<Health> health_;
    std::unique_ptr<AdminSocket> admin_;
    std::unique_ptr<Housekeeping> housekeeping_;
    http::Router public_routes_;
    http::Router admin_routes_;
    http::Router socket_routes_;
    std::vector<std::unique_ptr<http::Server>> servers_;
    bool threads_run_ = false;
    bool stopped_ = false;
};

}  // namespace quell::app
