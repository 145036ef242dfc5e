// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace quell::http {

// The values of a pattern's `{...}` segments, in order and still percent-encoded; nullopt if the path is another.
std::optional<std::vector<std::string_view>> match_path(std::string_view pattern, std::string_view path);

// Path and method to handler. A path is exact, or a pattern such as "/v1/inbound/{tenant}/{connector}" in which each
// `{...}` stands for one whole segment that is not empty; an exact path goes before patterns, an earlier pattern before a
// later one. Filled before the server starts, read by all threads after.
class Router {
  public:
    // A second handler for the same method and path is a mistake of the program and ends it.
    void add(std::string_view method, std::string_view path, Handler handler);

    // Puts something around the handlers that a path, or all paths, have so far.
    using Wrapper = std::function<Handler(Handler)>;
    void wrap(std::string_view path, const Wrapper& wrapper);
    void wrap_all(const Wrapper& wrapper);

    // The handler's answer; 404 for an unknown path, 405 with Allow for a known path with another method.
    // HEAD is answered as GET; the connection leaves the body out.
    Answer route(const Request& request) const;

  private:
    using Methods = std::map<std::string, Handler, std::less<>>;
    const Methods* find(std::string_view path) const;

    std::map<std::string, Methods, std::less<>> paths_;
    std::vector<std::string> patterns_;  // those keys of paths_ that have a `{`
};

}  // namespace quell::http
