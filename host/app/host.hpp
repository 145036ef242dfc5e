// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <mutex>

#include "app/admin_socket.hpp"
#include "app/health.hpp"
#include "app/housekeeping.hpp"
#include "app/io_threads.hpp"
#include "app/metrics_page.hpp"
#include "app/services.hpp"
#include "app/supervisor.hpp"
#include "config/settings.hpp"
#include "http/server.hpp"
#include "json/value.hpp"

namespace quell::app {

class Doors;

// The composition root: builds everything from the settings, starts it, and stops it in the reverse order.
// One owner thread. Signals that should stop the process are blocked before (block_signals).
class Host {
  public:
    // Listens and serves when it returns. A plugin that cannot be loaded does not stop the host: plugin_status() and
    // the log say why.
    static Result<std::unique_ptr<Host>> start(const config::Settings& settings);
    ~Host();

    // Takes the files as they are now (SIGHUP, `quell reload`): new calls use them, running ones end as they began. With
    // any mistake the present configuration stays as a whole (OP-02). Any thread; audited with `actor`.
    Result<void> reload(const std::string& actor);
    // Reloads on SIGHUP, stops on SIGTERM or SIGINT and returns.
    void run_until_stopped();
    // /readyz answers 503 at once; running calls are finished, at most 30 s; then children and threads end (OP-04).
    void stop();

    Services& services() { return *services_; }
    json::Array plugin_status() const;

  private:
    explicit Host(const config::Settings& settings);

    Result<void> listen();
    Result<void> take_new_settings();

    const config::Settings settings_;  // as at the start; those of now are the deployment's
    IoThreads io_;
    Supervisor supervisor_;  // hears from the first I/O thread
    std::unique_ptr<Services> services_;
    std::unique_ptr<Doors> doors_;         // OAuth and MCP
    std::unique_ptr<Health> health_;
    std::unique_ptr<AdminSocket> admin_;
    std::unique_ptr<MetricsPage> metrics_;
    std::unique_ptr<Housekeeping> housekeeping_;
    http::Router public_routes_;
    http::Router admin_routes_;
    http::Router socket_routes_;
    std::vector<std::unique_ptr<http::Server>> servers_;
    std::mutex reloading_;
    http::Server* watched_ = nullptr;  // the admin listener, if there is one; drained last
    bool threads_run_ = false;
    bool stopped_ = false;
};

}  // namespace quell::app
