// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "inbound/door.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace quell::inbound {
namespace {

constexpr std::string_view kPath = "/v1/inbound/{tenant}/{connector}";
// Providers wait three seconds (SL-04), and the way there and back takes time too.
constexpr std::chrono::milliseconds kPluginTime{2500};
constexpr std::string_view kContentType = "Content-Type";  // the other header that passes is shorter

// The router's own words: nothing tells whether a tenant or a connector exists.
http::Response nothing_here() { return http::text(404, "There is nothing at this address.\n"); }

http::Response try_again(unsigned status, std::chrono::seconds wait) {
    http::Response response = http::text(status, "Try again later.\n");
    response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
    return response;
}

// A browser's cookies are this host's own matter, and no provider has any.
bool is_for_plugins(std::string_view name) {
    constexpr std::string_view kCookie = "cookie";
    return !std::equal(name.begin(), name.end(), kCookie.begin(), kCookie.end(),
                       [](char left, char right) { return (left | 0x20) == right; });
}

plugins::InboundRequest copy_of(const http::Request& request, WallTime now) {
    plugins::InboundRequest copy{.method = std::string(request.method),
                                 .query = std::string(request.query),
                                 .headers = {},
                                 .body = std::string(request.body),
                                 .received_at = now};
    for (const http::Header& header : request.headers) {
        if (is_for_plugins(header.name)) {
            copy.headers.emplace_back(header.name, header.value);
        }
    }
    return copy;
}

// What a plugin does not name is never a page.
bool names_content(const plugins::HeaderList& headers) {
    return std::any_of(headers.begin(), headers.end(), [](const auto& header) { return header.first.size() == kContentType.size(); });
}

http::Response response_of(plugins::InboundReply& reply) {
    http::Response response;
    response.status = reply.status;
    response.headers = std::move(reply.headers);
    if (!reply.body.empty() && !names_content(response.headers)) {
        response.headers.emplace_back(kContentType, "text/plain; charset=utf-8");
    }
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.body = std::move(reply.body);
    return response;
}

plugins::CallOptions quickly() {
    plugins::CallOptions options;
    options.deadline = std::chrono::steady_clock::now() + kPluginTime;
    return options;
}

}  // namespace

void Door::add_routes(http::Router& router) {
    router.add("POST", kPath, [this](const http::Request& request) { return answer(request); });
}

http::Answer Door::answer(const http::Request& request) {
    const auto segments = http::match_path(kPath, request.path);
    const auto registry = registry_();
    const plugins::Connector* connector =
        segments ? registry->find(TenantId(std::string(segments->at(0))), ConnectorKey(std::string(segments->at(1)))) : nullptr;
    if (connector == nullptr || !connector->offers(plugins::kInboundEvent)) {
        co_return nothing_here();
    }
    const std::string caller = std::string(request.path) + " " + std::string(request.peer);
    if (const auto wait = throttle_.attempt(caller)) {
        co_return try_again(429, *wait);
    }
    if (request.body.size() > plugins::kMaxInboundBody || request.query.size() > plugins::kMaxInboundQuery) {
        co_return http::text(413, "The request is too large.\n");
    }
    auto response = co_await hand_over(*connector, request);
    if (!response) {
        log::warn("inbound_request_failed", {{"tenant", connector->tenant().str()},
                                             {"connector", connector->key().str()},
                                             {"key", response.error()->key},
                                             {"detail", response.error()->detail}});
        co_return try_again(503, std::chrono::seconds{5});
    }
    co_return *std::move(response);
}

// What has happened is durable before the provider hears that it was taken.
base::Task<http::Response> Door::hand_over(const plugins::Connector& connector, const http::Request& request) {
    const plugins::InboundRequest copy = copy_of(request, now_());
    CO_TRY(plugins::InboundReply reply, co_await plugins::handle_inbound(connector, copy, quickly()));
    if (!reply.events.empty()) {
        CO_TRY_VOID(co_await dispatcher_.keep(connector.tenant(), connector.key(), std::move(reply.events)));
    }
    co_return response_of(reply);
}

}  // namespace quell::inbound
