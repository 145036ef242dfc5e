// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/doors.hpp"

#include <array>

#include "api/secret_routes.hpp"
#include "base/log.hpp"
#include "http/forwarded.hpp"

namespace quell::app {
namespace {

// What a web page of an allowed origin may call: nothing that a person signs in or consents at (OA-28).
constexpr std::array<std::string_view, 16> kOpenPaths = {"/mcp",
                                                         "/oauth/token",
                                                         "/oauth/mcp/token",
                                                         "/oauth/revoke",
                                                         "/oauth/mcp/revoke",
                                                         "/oauth/introspect",
                                                         "/oauth/mcp/introspect",
                                                         "/oauth/register",
                                                         "/oauth/mcp/register",
                                                         "/.well-known/oauth-protected-resource",
                                                         "/.well-known/oauth-protected-resource/mcp",
                                                         "/.well-known/oauth-authorization-server",
                                                         "/.well-known/oauth-authorization-server/mcp",
                                                         "/.well-known/openid-configuration",
                                                         "/.well-known/openid-configuration/mcp",
                                                         "/mcp/.well-known/openid-configuration"};

std::vector<std::string> origins_of(const config::ServerSettings& server) {
    std::vector<std::string> origins = server.allowed_origins;
    origins.push_back(server.public_url);  // it has no path
    return origins;
}

// MC-02: the listener's own names too, so that a proxy that puts its upstream's address into Host needs no setting.
std::vector<std::string> hosts_of(const config::ServerSettings& server) {
    std::vector<std::string> hosts = {server.public_url.substr(server.public_url.find("://") + 3)};
    if (server.listen.host != "0.0.0.0" && server.listen.host != "::") {
        hosts.push_back(config::to_string(server.listen));
    }
    if (config::is_loopback(server.listen)) {
        hosts.insert(hosts.end(), {"localhost", "127.0.0.1", "[::1]"});
    }
    return hosts;
}

std::shared_ptr<const mcp::ToolSet> present_tools(const Services& services) {
    auto deployment = services.deployment();
    const mcp::ToolSet* const tools = &deployment->tools;
    return {std::move(deployment), tools};
}

base::Task<egress::HttpResponse> fetch(Services& services, egress::Url url, bool allow_insecure_loopback) {
    return services.documents.get(std::move(url), {.allow_insecure_loopback = allow_insecure_loopback});
}

base::Task<egress::HttpResponse> send_to_provider(Services& services, egress::HttpRequest request,
                                                 bool allow_insecure_loopback) {
    const egress::DocumentFetcher::Limits limits{.bytes = 64 * 1024, .allow_insecure_loopback = allow_insecure_loopback};
    co_return co_await services.documents.send(std::move(request), limits);
}

std::shared_ptr<const oauth::TenantMap> present_tenants(const Services& services) {
    auto deployment = services.deployment();
    const oauth::TenantMap* const tenants = &deployment->settings.tenants;
    return {std::move(deployment), tenants};
}

std::shared_ptr<mcp::ContentCatalog> present_content(const Services& services) {
    auto deployment = services.deployment();
    mcp::ContentCatalog* const content = &deployment->content;
    return {std::move(deployment), content};
}

std::shared_ptr<challenges::Challenges> present_challenges(const Services& services) {
    auto deployment = services.deployment();
    challenges::Challenges* const challenges = &deployment->challenges;
    return {std::move(deployment), challenges};
}

std::shared_ptr<const plugins::Registry> present_registry(const Services& services) {
    auto deployment = services.deployment();
    const plugins::Registry* const registry = &deployment->registry;
    return {std::move(deployment), registry};
}

audit::Record content_record(const identity::Principal& caller, std::string event, const std::string& connector, const std::string& tool,
                             std::string_view outcome) {
    return {.tenant = caller.tenant,
            .event = std::move(event),
            .actor = caller.id,
            .request_id = {},
            .outcome = std::string(outcome),
            .detail = {{"connector", connector}, {"tool", tool}, {"by", caller.label}}};
}

}  // namespace

Doors::Doors(Services& services, api::RouteTable rest) : Doors(services, std::move(rest), services.deployment()->settings) {}

Doors::Doors(Services& services, api::RouteTable rest, const config::Settings& settings)
    : store_(*services.store),
      trail_(services.trail),
      authenticator_(*services.store, services.revocations, settings.server.public_url, wall_now,
                     settings.api_keys.headers),
      tokens_(*services.store, services.trail, services.revocations, settings.server.public_url),
      logins_(*services.store, services.trail),
      assertions_(*services.store, services.clients, settings.server.public_url),
      registration_(*services.store, services.trail),
      documents_([&services](egress::Url url, bool loopback) { return fetch(services, std::move(url), loopback); }),
      providers_([&services](egress::HttpRequest request, bool loopback) {
          return send_to_provider(services, std::move(request), loopback);
      }),
      openid_(*services.store, providers_, settings.server.public_url),
      members_(*services.store, services.trail, services.revocations),
      verification_({.challenges = [&services] { return present_challenges(services); },
                     .tenants = [&services] { return present_tenants(services); },
                     .openid = openid_,
                     .users = services.users,
                     .trail = services.trail,
                     .public_url = settings.server.public_url}),
      oauth_({.clients = services.clients,
              .users = services.users,
              .logins = logins_,
              .tokens = tokens_,
              .trail = services.trail,
              .assertions = assertions_,
              .registration = registration_,
              .initial_tokens = services.initial_tokens,
              .documents = documents_,
              .settings = [&services] { return services.deployment()->settings.oauth; },
              .openid = openid_,
              .members = members_,
              .tenants = [&services] { return present_tenants(services); },
              .proven = [this](const http::Request& request, identity::OpenIdAttempt attempt,
                               Result<identity::OpenIdPerson> person) {
                  return verification_.proven(request, std::move(attempt), std::move(person));
              }},
             settings.server.public_url),
      secret_resources_(services.guarded->secrets),
      content_(content_options(services, settings.server.public_url)),
      mcp_({.public_url = settings.server.public_url,
            .version = QUELL_VERSION,
            .allowed_origins = settings.server.allowed_origins,
            .note_refusal = [this](const auto& caller, const auto& tool, std::string_view key) {
                note_refusal(caller, tool, key);
            },
            .content = &content_,
            .still_allowed = [this](const http::Request& request) { return authenticator_.still_holds(request); }},
           [this](const http::Request& request) { return authenticator_.check(request); },
           [&services] { return present_tools(services); }),
      inbound_([&services] { return present_registry(services); }, services.inbound),
      api_(api_options(services, settings), [this](const http::Request& request) { return check_rest_caller(request); }, std::move(rest)),
      approvals_page_({.approvals = services.guarded->approvals,
                       .users = services.users,
                       .login = [this, cookies = oauth::Cookies(settings.server.public_url.starts_with("https:"))](
                                    const http::Request& request) {
                           return logins_.find(cookies.find(request, oauth::kSessionCookie));
                       }}),
      proxies_(settings.server.trusted_proxies),
      cross_origin_(origins_of(settings.server), settings.api_keys.headers),
      known_hosts_(hosts_of(settings.server), settings.server.trusted_proxies) {
    services.content_changed = [this](const TenantId& tenant, const ConnectorKey& key, const plugins::McpEvent& event) {
        content_.changed(tenant, key, event);
    };
}

mcp::ContentDoorOptions Doors::content_options(Services& services, const std::string& public_url) {
    return {.public_url = public_url,
            .server_info = mcp::server_info(QUELL_VERSION),
            .key = services.key,
            .revocation_mark = [&clock = services.revocations] { return clock.mark(); },
            .catalog = [&services] { return present_content(services); },
            .before_acting = [this](const auto& caller, const auto& connector, const auto& tool) { return note_acting(caller, connector, tool); },
            .called = [this](const auto& caller, const auto& connector, const auto& tool, std::string_view outcome) {
                note_called(caller, connector, tool, outcome);
            },
            .challenges = [&services] { return present_challenges(services); },
            .own = &secret_resources_};
}

// No audit, no action: durable before the first acting request of a plugin's tool leaves.
Result<void> Doors::note_acting(const identity::Principal& caller, const std::string& connector, const std::string& tool) {
    const audit::Record record = content_record(caller, "content_tool_acting", connector, tool, "ok");
    return store_.write_and_wait<void>([&](store::Transaction& transaction) { return trail_.append(transaction, record); });
}

void Doors::note_called(const identity::Principal& caller, const std::string& connector, const std::string& tool, std::string_view outcome) {
    if (const auto noted = trail_.append_later(content_record(caller, "content_tool_called", connector, tool, outcome)); !noted) {
        log::warn("content_call_not_audited", {{"tool", tool}, {"detail", noted.error()->detail}});
    }
}

void Doors::note_refusal(const identity::Principal& caller, const mcp::Tool& tool, std::string_view key) {
    audit::Record record{.tenant = caller.tenant,
                         .event = "tool_refused",
                         .actor = caller.id,
                         .request_id = {},
                         .outcome = std::string(key),
                         .detail = {{"tool", tool.name}, {"by", caller.label}}};
    keep_later(std::move(record), key);
}

api::EndpointOptions Doors::api_options(Services& services, const config::Settings& settings) {
    return {.public_url = settings.server.public_url,
            .allowed_origins = settings.server.allowed_origins,
            .limiter = limiter_,
            .calls_per_minute = [&services] { return services.deployment()->settings.api.calls_per_minute; },
            .note_refusal = [this](const auto& caller, const auto& route, std::string_view key) {
                note_rest_refusal(caller, route, key);
            }};
}

// A06: the token of an approval says for itself what it opens; the one route that takes it looks at it.
Result<identity::Principal> Doors::check_rest_caller(const http::Request& request) {
    return api::approval_token(request).empty() ? authenticator_.check(request) : api::token_bearer(request);
}

void Doors::note_rest_refusal(const identity::Principal& caller, const api::Route& route, std::string_view key) {
    keep_later({.tenant = caller.tenant,
                .event = "rest_call_refused",
                .actor = caller.id,
                .request_id = {},
                .outcome = std::string(key),
                .detail = {{"operation", route.operation}, {"by", caller.label}}},
               key);
}

void Doors::keep_later(audit::Record record, std::string_view key) {
    if (const auto noted = trail_.append_later(std::move(record)); !noted) {
        log::warn("refusal_not_audited", {{"key", std::string(key)}, {"detail", noted.error()->detail}});
    }
}

void Doors::add_routes(http::Router& router) {
    oauth_.add_routes(router);
    verification_.add_routes(router);
    mcp_.add_routes(router);
    inbound_.add_routes(router);
    api_.add_routes(router);
    approvals_page_.add_routes(router);
    http::ForwardedClients(proxies_).apply(router);
    cross_origin_.open(router, {kOpenPaths.begin(), kOpenPaths.end()});
    const std::vector<std::string> rest = api_.paths();
    cross_origin_.open(router, {rest.begin(), rest.end()});
    known_hosts_.guard(router, {"/mcp"});
}

}  // namespace quell::app
