// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct Curl_URL;

namespace quell::egress {

// An absolute http or https URL, parsed once by libcurl's own parser: the transfer gets this very
// parse, so the rules and the fetcher can never read a URL differently. Immutable; copies share the
// parse. Any thread. Refuses other schemes (SS-04), credentials, fragments, dot segments and empty
// segments (also percent-encoded ones), control characters, spaces, bytes beyond ASCII, and more
// than 8 KiB.
class Url {
  public:
    static Result<Url> parse(std::string_view text);

    bool is_https() const { return https_; }
    const std::string& host() const {
        return host_;
    }  // lower case, addresses normalised, no brackets
    std::uint16_t port() const { return port_; }
    const std::string& path() const { return path_; }  // starts with '/', still percent-encoded
    std::string host_and_port() const;                 // "api.example.com:443", "[::1]:8080"
    // Its path and query at the scheme, host and port of `place`.
    Result<Url> at(const Url& place) const;
    Curl_URL* curl_handle() const { return parsed_.get(); }

  private:
    Url() = default;

    std::shared_ptr<Curl_URL> parsed_;
    bool https_ = false;
    std::string host_;
    std::uint16_t port_ = 0;
    std::string path_;
};

// The one spelling of a host and port that all lists compare.
std::string join_host_and_port(std::string_view host, std::uint16_t port);

}  // namespace quell::egress
