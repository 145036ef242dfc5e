// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/router.hpp"

namespace quell::http {

// Which web pages of other origins may call, by the Fetch Standard's CORS protocol: those of a list, byte for byte, and
// never with cookies. Answers OPTIONS before anybody looks for credentials. Immutable; the router's handlers keep
// copies. An origin that is not listed gets no word of it, so the browser keeps the page from reading the answer.
class CrossOrigin {
  public:
    // `key_headers`: further headers that carry an API key.
    CrossOrigin(std::vector<std::string> origins, const std::vector<std::string>& key_headers);

    bool allows(std::string_view origin) const;
    // Around every handler of these paths, and a handler for OPTIONS beside them.
    void open(Router& router, const std::vector<std::string_view>& paths) const;

  private:
    Answer share(const Handler& inner, const Request& request) const;
    Response preflight(const Request& request) const;
    void add_headers(Response& response, std::string_view origin) const;

    std::vector<std::string> origins_;
    std::string allowed_headers_;
};

}  // namespace quell::http
