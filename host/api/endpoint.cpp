// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "api/endpoint.hpp"

#include <algorithm>

#include "api/error_answer.hpp"
#include "api/openapi.hpp"
#include "api/read_call.hpp"
#include "base/clock.hpp"
#include "http/accept.hpp"
#include "http/ready.hpp"
#include "identity/challenge.hpp"

namespace quell::api {
namespace {

constexpr std::string_view kDocumentPath = "/api/v1/openapi.json";

Error refusal(Code code, std::string key, std::string message) { return {code, std::move(key), std::move(message)}; }

// L42+
void add_rate_headers(http::Response& response, const policy::RateLimiter::Allowance& allowance) {
    const auto reset = std::chrono::floor<std::chrono::seconds>(wall_now().time_since_epoch()) + allowance.until_reset;
    response.headers.emplace_back("X-RateLimit-Limit", std::to_string(allowance.limit));
    response.headers.emplace_back("X-RateLimit-Remaining", std::to_string(allowance.remaining));
    response.headers.emplace_back("X-RateLimit-Reset", std::to_string(reset.count()));
}

Error rate_limited(const policy::RateLimiter::Allowance& allowance) {
    Error error(Code::resource_exhausted, "rate_limited", "There were too many calls in this minute.");
    return std::move(error)
        .next_step("Wait as long as Retry-After says; the administrator of this host sets the limit in [api].")
        .retryable(allowance.until_reset.count());
}

http::Response to_response(Result<Reply> outcome) {
    if (!outcome) {
        return error_answer(outcome.error());
    }
    http::Response response = http::json(outcome->status, std::move(outcome->document));
    response.headers.emplace_back("Cache-Control", "no-store");
    std::move(outcome->headers.begin(), outcome->headers.end(), std::back_inserter(response.headers));
    return response;
}

// What says that no route will do, before anything of the call is read.
std::optional<http::Response> refuse_media(const CheckedRoute& route, const http::Request& request) {
    if (!http::accepts_json(request.find("Accept"))) {
        return error_answer(406, refusal(Code::invalid_argument, "invalid_arguments",
                                         "The answer is application/json; Accept must allow it."));
    }
    if (route.body && !request.has_content_type("application/json")) {
        return error_answer(415, refusal(Code::invalid_argument, "invalid_arguments", "The body must be application/json."));
    }
    return std::nullopt;
}

}  // namespace

Endpoint::Endpoint(EndpointOptions options, CallerCheck check, RouteTable table)
    : options_(std::move(options)), check_(std::move(check)), table_(std::move(table)), document_(openapi_document(table_)) {
    options_.allowed_origins.push_back(options_.public_url);  // it has no path
}

void Endpoint::add_routes(http::Router& router) const {
    for (const CheckedRoute& route : table_.routes()) {
        router.add(route.route.method, route.route.path,
                   [this, &route](const http::Request& request) { return handle(route, request); });
    }
    router.add("GET", kDocumentPath, [this](const http::Request&) { return http::ready(http::json(200, document_)); });
}

std::vector<std::string> Endpoint::paths() const {
    std::vector<std::string> paths{std::string(kDocumentPath)};
    for (const CheckedRoute& route : table_.routes()) {
        if (std::find(paths.begin(), paths.end(), route.route.path) == paths.end()) {
            paths.push_back(route.route.path);
        }
    }
    return paths;
}

http::Answer Endpoint::handle(const CheckedRoute& route, const http::Request& request) const {
    // MC-02's reason holds here too: a page of another origin must not reach a local server (DNS rebinding).
    if (const auto origin = request.find("Origin"); !origin.empty() && !is_allowed(origin)) {
        co_return error_answer(refusal(Code::permission_denied, "origin_not_allowed", "This Origin may not use the server."));
    }
    Result<identity::Principal> caller = check_(request);
    if (!caller) {
        co_return refuse_caller(caller.error());
    }
    caller->trace = trace_of(request);
    const auto allowance = options_.limiter.take(caller->tenant.str() + ' ' + caller->id, options_.calls_per_minute());
    http::Response response;
    if (allowance.allowed) {
        response = co_await answer(route, request, *caller);
    } else {
        response = error_answer(rate_limited(allowance));
    }
    add_rate_headers(response, allowance);
    co_return response;
}

http::Answer Endpoint::answer(const CheckedRoute& route, const http::Request& request,
                              const identity::Principal& caller) const {
    if (route.route.scope && !caller.scopes.has(*route.route.scope)) {
        co_return insufficient_scope(route, caller);
    }
    if (auto refused = refuse_media(route, request)) {
        co_return *std::move(refused);
    }
    json::Arena arena(request.scratch.data(), request.scratch.size());
    const auto body = read_body(route, request, &arena);
    if (!body) {
        co_return refuse(route, caller, body.error());
    }
    if (route.body && !route.body->accepts(*body)) {
        co_return refuse(route, caller, route.body->check(*body).error(), violations_of(*route.body, *body));
    }
    std::stop_source gone(std::nostopstate);
    if (request.watch != nullptr) {
        gone = std::stop_source();
        request.watch->on_gone([gone]() mutable { gone.request_stop(); });
    }
    Result<Call> call = read_call(route, request, caller, body->get_object(), gone.get_token());
    if (!call) {
        co_return refuse(route, caller, call.error());
    }
    co_return to_response(co_await route.route.handler(*call));
}

bool Endpoint::is_allowed(std::string_view origin) const {
    const auto& allowed = options_.allowed_origins;
    return std::find(allowed.begin(), allowed.end(), origin) != allowed.end();
}

// What is missing or not taken is the caller's matter (401); a store that cannot be asked is ours (503).
http::Response Endpoint::refuse_caller(const Error& error) const {
    http::Response response = error_answer(error);
    if (error->code == Code::unauthenticated) {
        const std::string scopes = identity::ScopeSet::all().to_string();
        response.headers.emplace_back("WWW-Authenticate",
                                      error->key == "credential_missing"
                                          ? identity::bearer_challenge(options_.public_url, scopes)
                                          : identity::invalid_token_challenge(options_.public_url, scopes));
    }
    return response;
}

http::Response Endpoint::insufficient_scope(const CheckedRoute& route, const identity::Principal& caller) const {
    const std::string scope(identity::to_string(*route.route.scope));
    Error error(Code::permission_denied, "insufficient_scope", "The token or key lacks the scope " + scope + ".");
    http::Response response = refuse(route, caller, std::move(error).next_step("Ask for a token or key with that scope."),
                                     {{"scope", scope}});
    response.headers.emplace_back("WWW-Authenticate", identity::insufficient_scope_challenge(options_.public_url, scope));
    return response;
}

http::Response Endpoint::refuse(const CheckedRoute& route, const identity::Principal& caller, const Error& error,
                                json::Object details) const {
    options_.note_refusal(caller, route.route, error->key);
    return error_answer(error, std::move(details));
}

}  // namespace quell::api
