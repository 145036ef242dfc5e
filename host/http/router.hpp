// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <map>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace quell::http {

// Path and method to handler, exact matches only. Filled before the server starts, read by all threads after.
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
    std::map<std::string, Methods, std::less<>> paths_;
};

}  // namespace quell::http
