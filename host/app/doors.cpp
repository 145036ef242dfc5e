// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/doors.hpp"

#include "base/log.hpp"

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
    : trail_(services.trail),
      authenticator_(*services.store, services.revocations, public_url, wall_now,
                     services.deployment()->settings.api_keys.headers),
      tokens_(*services.store, services.trail, services.revocations, public_url),
      logins_(*services.store, services.trail),
      assertions_(*services.store, services.clients, public_url),
      oauth_({services.clients, services.users, logins_, tokens_, services.trail, assertions_}, public_url),
      mcp_({.public_url = public_url,
            .version = QUELL_VERSION,
            .note_refusal = [this](const auto& caller, const auto& tool, std::string_view key) {
                note_refusal(caller, tool, key);
            }},
           [this](const http::Request& request) { return authenticator_.check(request); },
           [&services] { return present_tools(services); }) {}

void Doors::note_refusal(const identity::Principal& caller, const mcp::Tool& tool, std::string_view key) {
    audit::Record record{.tenant = caller.tenant,
                         .event = "tool_refused",
                         .actor = caller.id,
                         .request_id = {},
                         .outcome = std::string(key),
                         .detail = {{"tool", tool.name}, {"by", caller.label}}};
    if (const auto noted = trail_.append_later(std::move(record)); !noted) {
        log::warn("refusal_not_audited", {{"key", std::string(key)}, {"detail", noted.error()->detail}});
    }
}

void Doors::add_routes(http::Router& router) {
    oauth_.add_routes(router);
    mcp_.add_routes(router);
}

}  // namespace quell::app
