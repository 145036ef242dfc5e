// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/cross_origin.hpp"

#include <algorithm>

#include "http/ready.hpp"

namespace quell::http {
namespace {

constexpr std::string_view kMethods = "GET, POST, PUT, DELETE, OPTIONS";
constexpr std::string_view kRequestHeaders =
    "Authorization, Content-Type, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID, X-API-Key, "
    "Idempotency-Key";
constexpr std::string_view kExposed = "WWW-Authenticate, Mcp-Session-Id, Retry-After, X-RateLimit-Limit, "
                                      "X-RateLimit-Remaining, X-RateLimit-Reset";
constexpr std::string_view kMaxAge = "600";

}  // namespace

CrossOrigin::CrossOrigin(std::vector<std::string> origins, const std::vector<std::string>& key_headers)
    : origins_(std::move(origins)), allowed_headers_(kRequestHeaders) {
    for (const std::string& name : key_headers) {
        allowed_headers_ += ", " + name;
    }
}

bool CrossOrigin::allows(std::string_view origin) const {
    return std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

void CrossOrigin::open(Router& router, const std::vector<std::string_view>& paths) const {
    for (const std::string_view path : paths) {
        router.wrap(path, [self = *this](Handler inner) -> Handler {
            return [self, inner = std::move(inner)](const Request& request) -> Answer {
                const std::string_view origin = request.find("Origin");
                if (origin.empty() || !self.allows(origin)) {
                    return inner(request);
                }
                return self.share(inner, request);
            };
        });
        router.add("OPTIONS", path, [self = *this](const Request& request) { return ready(self.preflight(request)); });
    }
}

Answer CrossOrigin::share(const Handler& inner, const Request& request) const {
    Response response = co_await inner(request);
    add_headers(response, request.find("Origin"));
    co_return response;
}

Response CrossOrigin::preflight(const Request& request) const {
    const std::string_view origin = request.find("Origin");
    if (!origin.empty() && !allows(origin)) {
        return text(403, "This Origin may not use the server.\n");
    }
    Response response{.status = 204, .headers = {{"Allow", std::string(kMethods)}}};
    if (!origin.empty()) {
        add_headers(response, origin);
        response.headers.emplace_back("Access-Control-Allow-Methods", kMethods);
        response.headers.emplace_back("Access-Control-Allow-Headers", allowed_headers_);
        response.headers.emplace_back("Access-Control-Max-Age", kMaxAge);
    }
    return response;
}

void CrossOrigin::add_headers(Response& response, std::string_view origin) const {
    response.headers.emplace_back("Access-Control-Allow-Origin", origin);
    response.headers.emplace_back("Access-Control-Expose-Headers", kExposed);
    response.headers.emplace_back("Vary", "Origin");
}

}  // namespace quell::http
