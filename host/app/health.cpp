// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/health.hpp"

#include "json/serialize.hpp"

namespace quell::app {

http::Response Health::ready() const {
    json::Object checks{{"serving", serving_.load()}, {"store", store_.healthy()}};
    const bool ready = serving_ && store_.healthy();
    return http::json(ready ? 200 : 503, json::serialize(json::Object{{"ready", ready}, {"checks", std::move(checks)}}));
}

void Health::add_routes(http::Router& router) const {
    router.add("GET", "/healthz", [](const http::Request&) -> http::Answer { co_return http::text(200, "ok\n"); });
    router.add("GET", "/readyz", [this](const http::Request&) -> http::Answer { co_return ready(); });
}

}  // namespace quell::app
