// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/doors.hpp"

#include "mcp/product_tools.hpp"

namespace quell::app {

Doors::Doors(Services& services, mcp::ToolSet tools)
    : authenticator_(*services.store, services.revocations, services.settings.server.public_url),
      tokens_(*services.store, services.trail, services.revocations, services.settings.server.public_url),
      logins_(*services.store, services.trail),
      oauth_({services.clients, services.users, logins_, tokens_, services.trail}, services.settings.server.public_url),
      mcp_({.public_url = services.settings.server.public_url, .version = QUELL_VERSION},
           [this](std::string_view token) { return authenticator_.check_bearer(token); }, std::move(tools)) {}

Result<std::unique_ptr<Doors>> Doors::make(Services& services) {
    TRY(mcp::ToolSet tools, mcp::product_tools(services.containment, services.revocation));
    return std::unique_ptr<Doors>(new Doors(services, std::move(tools)));
}

void Doors::add_routes(http::Router& router) {
    oauth_.add_routes(router);
    mcp_.add_routes(router);
}

}  // namespace quell::app
