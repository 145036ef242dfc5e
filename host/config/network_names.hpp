// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "config/settings.hpp"

// The small notations inside settings. Errors are invalid_arguments; their message is what the
// value must be, to stand after the key's name ("must be ...").
namespace quell::config {

// "127.0.0.1:8443", "[::1]:8443", "localhost:8443".
Result<Endpoint> parse_endpoint(std::string_view text);

struct PublicUrl {
    std::string text;  // without a trailing slash
    Endpoint host;     // port 0 if none is written
    bool is_https = false;
};
// "https://quell.example" with an optional port; no path, query, fragment or user. Plain http only
// for a loopback host (E23).
Result<PublicUrl> parse_public_url(std::string_view text);

// "host:port" or "*.example.com:port"; at least two labels after the star.
Result<void> check_egress_entry(std::string_view text);

// "soar.example" or "*.corp.example", without a port.
Result<void> check_host_entry(std::string_view text);

// "500ms", "30s", "2m".
Result<Millis> parse_duration(std::string_view text);

// Of tenants, connectors and plugins: a lower-case letter or digit, then also - and _; at most 64.
bool is_plain_name(std::string_view text);

}  // namespace quell::config
