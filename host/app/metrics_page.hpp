// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "app/services.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

namespace quell::app {

// GET /metrics, for the admin listener alone (INTERFACES.md 4). Most is counted where it happens; what others count
// or know anyway is looked up for each answer. Made and filled before the start, then used by one I/O thread.
class MetricsPage {
  public:
    explicit MetricsPage(Services& services);

    // `listener` is a constant; the server outlives the page's last answer.
    void watch(std::string_view listener, const http::Server& server);
    void add_routes(http::Router& router);

  private:
    void look();
    void look_at_store();
    void look_at_plugins();
    void look_at_connectors();
    void look_at_listeners();

    Services& services_;
    std::vector<std::pair<std::string_view, const http::Server*>> servers_;
};

// Counts a try to put new settings into effect.
void count_reload(metrics::Registry& registry, bool applied);

}  // namespace quell::app
