// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/network.hpp"
#include "http/router.hpp"

namespace quell::http {

// By which names callers may reach this host (MC-02). A web page whose name was made to lead here (DNS rebinding) is of
// the same origin to its browser, but it cannot keep its own name out of Host. So names are compared, without case, and
// ports are not: a page cannot take a name that is ours. Immutable; the router's handlers keep copies.
//
// A named proxy may write into Host what it likes, often the name of its upstream: it is asked by the public name, and a page
// under another name would have to show the certificate of that one.
class KnownHosts {
  public:
    // "quell.example", "quell.example:8443", "[::1]:8443"; a port says nothing.
    KnownHosts(const std::vector<std::string>& hosts, std::vector<Network> proxies);

    // `host`: the value of a Host field that has passed the guard.
    bool knows(std::string_view host) const;
    // Around every handler of these paths: 421 for a request to another host. Outside of ForwardedClients, for the peer
    // that counts here is the one that has connected.
    void guard(Router& router, const std::vector<std::string_view>& paths) const;

  private:
    bool is_proxy(std::string_view peer) const;

    std::vector<std::string> names_;
    std::vector<Network> proxies_;
};

}  // namespace quell::http
