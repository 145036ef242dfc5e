// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/network.hpp"
#include "http/router.hpp"

namespace quell::http {

// Whose address a request counts for where a proxy stands before this host. Only a proxy that is named is believed, and
// only about addresses: X-Forwarded-For or Forwarded (RFC 7239), read from the right, as far as the entries are named
// proxies themselves. Both at once are nobody's word: one of them may have come through from the client. Nothing that
// is forwarded ever makes a URL (DC-06). Immutable; the router's handlers keep copies.
class ForwardedClients {
  public:
    explicit ForwardedClients(std::vector<Network> proxies) : proxies_(std::move(proxies)) {}

    std::string client_of(const Request& request) const;
    // Around every handler that is there.
    void apply(Router& router) const;

  private:
    bool is_proxy(std::string_view address) const;

    std::vector<Network> proxies_;
};

}  // namespace quell::http
