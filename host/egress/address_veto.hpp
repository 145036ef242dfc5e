// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

struct sockaddr;

namespace quell::egress {

// Which addresses a request may end at, whatever its name resolved to (SS-01, SS-03).
enum class Reach {
    public_only,         // the default
    public_or_loopback,  // https of a plugin with allow_insecure_loopback
    loopback_only,       // http of such a plugin
};

// Public means globally reachable unicast. Not public: unspecified, private, shared (100.64/10),
// link-local and every cloud's metadata address, documentation, benchmark, multicast, reserved; in
// IPv6 all but 2000::/3. An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) is judged as that
// IPv4 address. Any thread.
bool is_within(Reach reach, const sockaddr& address);
// The same for an address as text; false for anything that is no address.
bool is_within(Reach reach, std::string_view address);

// A literal loopback address or "localhost".
bool names_loopback(std::string_view host);

}  // namespace quell::egress
