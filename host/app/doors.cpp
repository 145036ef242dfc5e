// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/doors.hpp"

namespace quell::app {
namespace {

std::shared_ptr<const mcp::ToolSet> present_tools(const Services& services) {
    auto deployment = services.deployment();
    const mcp::ToolSet* const tools = &deployment->tools;
    return {std::move(deployment), tools};
}

}  // namespace

Doors::Doors(Services& services) : Doors(services, services.deployment()->settings.server.public_url) {}

Doors::Doors(Services& services, const std::string& public_url)
    : authenticator_(*services.store, services.revocations, public_url),
      tokens_(*services.store, services.trail, services.revocations, public_url),
      logins_(*services.store, services.trail),
      oauth_({services.clients, services.users, logins_, tokens_, services.trail}, public_url),
      mcp_({.public_url = public_url, .version = QUELL_VERSION},
           [this](std::string_view token) { return authenticator_.check_bearer(token); },
           [&services] { return present_tools(services); }) {}

void Doors::add_routes(http::Router& router) {
    oauth_.add_routes(router);
    mcp_.add_routes(router);
}

}  // namespace quell::app
