// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/known_hosts.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>

#include "http/ready.hpp"

namespace quell::http {
namespace {

// Without port and without the dot that may end a full name (RFC 3986 3.2.2).
std::string_view name_of(std::string_view host) {
    const std::size_t literal_end = host.starts_with('[') ? host.find(']') : 0;
    std::string_view name = host.substr(0, host.find(':', literal_end));
    if (name.ends_with('.')) {
        name.remove_suffix(1);
    }
    return name;
}

}  // namespace

KnownHosts::KnownHosts(const std::vector<std::string>& hosts, std::vector<Network> proxies) : proxies_(std::move(proxies)) {
    for (const std::string& host : hosts) {
        names_.emplace_back(name_of(host));
    }
}

bool KnownHosts::knows(std::string_view host) const {
    const std::string_view asked = name_of(host);
    return std::any_of(names_.begin(), names_.end(), [&](const std::string& name) {
        return boost::beast::iequals({name.data(), name.size()}, {asked.data(), asked.size()});
    });
}

bool KnownHosts::is_proxy(std::string_view peer) const {
    return std::any_of(proxies_.begin(), proxies_.end(), [&](const Network& network) { return network.contains(peer); });
}

void KnownHosts::guard(Router& router, const std::vector<std::string_view>& paths) const {
    for (const std::string_view path : paths) {
        router.wrap(path, [self = *this](Handler inner) -> Handler {
            return [self, inner = std::move(inner)](const Request& request) -> Answer {
                if (self.knows(request.find("Host")) || self.is_proxy(request.peer)) {
                    return inner(request);
                }
                // RFC 9110 15.5.20
                return ready(text(421, "This server does not go by the name in Host. Use its public address; a proxy must be named in trusted_proxies.\n"));
            };
        });
    }
}

}  // namespace quell::http
