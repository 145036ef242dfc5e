// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "identity/redirect_uri.hpp"

namespace quell::identity {

// "soar.example", or "*.corp.example" for every name below it (not itself). No look-alike fits: whole labels count.
bool matches_host(std::string_view pattern, std::string_view host);
bool matches_any_host(const std::vector<std::string>& patterns, std::string_view host);

// Whether a client that no administrator made by hand may have people sent there ([oauth] redirect_hosts, E13). Their
// own machine and the one custom scheme are always allowed.
bool may_lead_to(const config::RedirectHosts& allowed, const RedirectUri& uri);

// The rule of the shared client (E06): the person's own machine and the vendors' hosts.
config::RedirectHosts known_clients_only();

// All of a client's redirect URIs, each by the rules of RedirectUri and may_lead_to. The first that fails is refused as
// invalid_redirect_uri with its number, its text and why: clients register several, and one must not hide the reason.
Result<std::vector<RedirectUri>> registrable_uris(const std::vector<std::string>& texts,
                                                  const config::RedirectHosts& allowed);

}  // namespace quell::identity
