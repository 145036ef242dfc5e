// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/route_table.hpp"
#include "http/router.hpp"
#include "identity/principal.hpp"
#include "policy/rate_limiter.hpp"

namespace quell::api {

struct EndpointOptions {
    std::string public_url;                      // exact, without a trailing slash
    std::vector<std::string> allowed_origins{};  // of web pages, besides public_url's
    policy::RateLimiter& limiter;                // outlives the endpoint
    std::function<std::int64_t()> calls_per_minute;  // of one principal, by the present settings
    // Told of calls that end at this door: by scope or by what they bring.
    std::function<void(const identity::Principal& caller, const Route& route, std::string_view key)> note_refusal;
};

// Who sends a request, by its token or API key, or why it is not taken. Supplied by identity.
using CallerCheck = std::function<Result<identity::Principal>(const http::Request& request)>;

// The REST door. Every call goes the same way: origin, credentials, rate, scope, what it brings, then the route's code.
// Beside the routes of the table it serves the OpenAPI document, to everybody. Any I/O thread.
class Endpoint {
  public:
    Endpoint(EndpointOptions options, CallerCheck check, RouteTable table);
    void add_routes(http::Router& router) const;
    // The paths and patterns that it serves, each once.
    std::vector<std::string> paths() const;

  private:
    http::Answer handle(const CheckedRoute& route, const http::Request& request) const;
    http::Answer answer(const CheckedRoute& route, const http::Request& request, const identity::Principal& caller) const;
    bool is_allowed(std::string_view origin) const;
    http::Response refuse_caller(const Error& error) const;
    http::Response insufficient_scope(const CheckedRoute& route, const identity::Principal& caller) const;
    http::Response refuse(const CheckedRoute& route, const identity::Principal& caller, const Error& error,
                          json::Object details = {}) const;

    EndpointOptions options_;
    CallerCheck check_;
    RouteTable table_;
    std::string document_;  // OpenAPI, JSON text
};

}  // namespace quell::api
