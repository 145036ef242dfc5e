// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace quell::egress {

// Hosts and ports that a plugin may reach: "api.example.com:443", "[::1]:8080", or
// "*.example.com:443" for every name below example.com (not itself). No port ranges, no schemes, no
// bare "*". Empty allows nothing. Immutable after make(); any thread.
class AllowList {
  public:
    static Result<AllowList> make(const std::vector<std::string>& patterns);

    bool allows(std::string_view host, std::uint16_t port) const;

  private:
    struct Pattern {
        std::string host;  // lower case; of a wildcard what follows "*", with its dot
        std::uint16_t port = 0;
        bool wildcard = false;
    };
    static Result<Pattern> read(std::string_view text);

    std::vector<Pattern> patterns_;
};

}  // namespace quell::egress
