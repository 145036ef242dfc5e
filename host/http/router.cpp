// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/router.hpp"

#include <algorithm>
#include <cstdlib>

#include "http/ready.hpp"

namespace quell::http {
namespace {

Response method_not_allowed(std::string allowed) {
    Response response = text(405, "This address does not take that method. Allowed: " + allowed + "\n");
    response.headers.emplace_back("Allow", std::move(allowed));
    return response;
}

// The text before the next '/'; `rest` becomes what follows it.
std::string_view take_segment(std::string_view& rest) {
    const std::size_t end = rest.find('/');
    const std::string_view segment = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    return segment;
}

}  // namespace

std::optional<std::vector<std::string_view>> match_path(std::string_view pattern, std::string_view path) {
    if (std::count(pattern.begin(), pattern.end(), '/') != std::count(path.begin(), path.end(), '/')) {
        return std::nullopt;
    }
    std::vector<std::string_view> values;
    while (!pattern.empty() || !path.empty()) {
        const std::string_view wanted = take_segment(pattern);
        const std::string_view given = take_segment(path);
        if (wanted.starts_with('{') && !given.empty()) {
            values.push_back(given);
        } else if (wanted != given) {
            return std::nullopt;
        }
    }
    return values;
}

void Router::add(std::string_view method, std::string_view path, Handler handler) {
    if (path.find('{') != std::string_view::npos && !paths_.contains(path)) {
        patterns_.emplace_back(path);
    }
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

const Router::Methods* Router::find(std::string_view path) const {
    if (const auto exact = paths_.find(path); exact != paths_.end()) {
        return &exact->second;
    }
    for (const std::string& pattern : patterns_) {
        if (match_path(pattern, path)) {
            return &paths_.find(pattern)->second;
        }
    }
    return nullptr;
}

Answer Router::route(const Request& request) const {
    const Methods* const methods = find(request.path);
    if (methods == nullptr) {
        return ready(text(404, "There is nothing at this address.\n"));
    }
    const auto handler = methods->find(request.method == "HEAD" ? "GET" : request.method);
    if (handler == methods->end()) {
        std::string allowed;
        for (const auto& [method, unused] : *methods) {
            allowed += (allowed.empty() ? "" : ", ") + method;
        }
        return ready(method_not_allowed(std::move(allowed)));
    }
    return handler->second(request);
}

}  // namespace quell::http
