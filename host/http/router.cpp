// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/router.hpp"

#include <cstdlib>

#include "http/ready.hpp"

namespace quell::http {
namespace {

Response method_not_allowed(std::string allowed) {
    Response response = text(405, "This address does not take that method. Allowed: " + allowed + "\n");
    response.headers.emplace_back("Allow", std::move(allowed));
    return response;
}

}  // namespace

void Router::add(std::string_view method, std::string_view path, Handler handler) {
    const bool added = paths_[std::string(path)].emplace(method, std::move(handler)).second;
    if (!added) {
        std::abort();
    }
}

void Router::wrap(std::string_view path, const Wrapper& wrapper) {
    const auto found = paths_.find(path);
    if (found == paths_.end()) {
        std::abort();
    }
    for (auto& [method, handler] : found->second) {
        handler = wrapper(std::move(handler));
    }
}

void Router::wrap_all(const Wrapper& wrapper) {
    for (auto& [path, methods] : paths_) {
        wrap(path, wrapper);
    }
}

Answer Router::route(const Request& request) const {
    const auto path = paths_.find(request.path);
    if (path == paths_.end()) {
        return ready(text(404, "There is nothing at this address.\n"));
    }
    const auto handler = path->second.find(request.method == "HEAD" ? "GET" : request.method);
    if (handler == path->second.end()) {
        std::string allowed;
        for (const auto& [method, unused] : path->second) {
            allowed += (allowed.empty() ? "" : ", ") + method;
        }
        return ready(method_not_allowed(std::move(allowed)));
    }
    return handler->second(request);
}

}  // namespace quell::http
