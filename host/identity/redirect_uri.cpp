// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/redirect_uri.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace quell::identity {
namespace {

constexpr std::size_t kMaxLength = 1024;
constexpr std::string_view kCursor = "cursor://anysphere.cursor-mcp/oauth/callback";

Error refusal(std::string_view why) {
    return Error(Code::invalid_argument, "invalid_redirect_uri", "redirect_uri " + std::string(why))
        .allowed({"https://HOST/...", "http://localhost:PORT/...", "http://127.0.0.1:PORT/...", "http://[::1]:PORT/...",
                  std::string(kCursor)});
}

// Visible ASCII that every URL parser reads alike, without '#' (no fragments) and '*', which is no wildcard to us, but
// people would take it for one.
bool has_odd_byte(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return c <= 0x20 || c >= 0x7F || std::string_view("\\*#\"<>^`{|}").find(c) != std::string_view::npos;
    });
}

// Only what also may stand in a Content-Security-Policy header as it is.
bool is_plain_host(std::string_view host) {
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    });
}

bool is_ipv6_literal(std::string_view host) {
    in6_addr address{};
    return host.size() > 2 && host.starts_with('[') && host.ends_with(']') &&
           inet_pton(AF_INET6, std::string(host.substr(1, host.size() - 2)).c_str(), &address) == 1;
}

bool is_loopback_host(std::string_view host) {
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

// 1 to 65535 without leading zeros.
bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
    return failure == std::errc{} && end == text.data() + text.size() && text.front() != '0' && port <= 65535;
}

struct Authority {
    std::string_view host;
    bool sound;
};

// host [":" port] without user information (RFC 3986 3.2).
Authority split(std::string_view authority) {
    const std::size_t host_end =
        authority.starts_with('[') ? authority.find(']') + 1 : std::min(authority.find(':'), authority.size());
    const std::string_view host = authority.substr(0, host_end);
    const std::string_view port = authority.substr(host_end);
    const bool good_port = port.empty() || (port.size() > 1 && port.front() == ':' && is_port(port.substr(1)));
    return {host, good_port && (is_plain_host(host) || is_ipv6_literal(host))};
}

}  // namespace

// Taken apart by hand: Boost.URL 1.81 reads the host of http://127.0.0.1.evil.example/ as 127.0.0.1.
Result<RedirectUri> RedirectUri::parse(std::string_view text) {
    if (text.empty() || text.size() > kMaxLength || has_odd_byte(text)) {
        return refusal("is empty, too long or has characters that it must not have");
    }
    RedirectUri uri;
    uri.text_ = text;
    if (text == kCursor) {
        uri.kind_ = RedirectKind::custom;
        uri.host_ = "anysphere.cursor-mcp";
        return uri;
    }
    // The scheme in lower case only, as the host below: one spelling for each registered value.
    const std::size_t scheme_end = text.find("://");
    const std::string_view scheme = text.substr(0, scheme_end);
    if (scheme != "https" && scheme != "http") {
        return refusal("must be https, or http to this machine");
    }
    const std::size_t authority_start = scheme_end + 3;
    const std::size_t authority_end = std::min(text.find_first_of("/?", authority_start), text.size());
    const Authority authority = split(text.substr(authority_start, authority_end - authority_start));
    if (!authority.sound || (scheme == "http" && !is_loopback_host(authority.host))) {
        return refusal("must be https, or http to localhost, 127.0.0.1 or [::1]");
    }
    uri.kind_ = scheme == "https" ? RedirectKind::https : RedirectKind::loopback;
    uri.host_ = authority.host;
    uri.origin_ = text.substr(0, authority_end);
    uri.path_and_query_ = text.substr(authority_end);
    return uri;
}

bool RedirectUri::leads_to_this_machine() const {
    return kind_ != RedirectKind::https || is_loopback_host(host_);
}

std::string RedirectUri::form_action_source() const {
    if (kind_ == RedirectKind::custom) {
        return "cursor:";
    }
    // The grammar of CSP has no IPv6 literals (CSP 3, host-source), so the scheme has to do.
    if (is_ipv6_literal(host_)) {
        return kind_ == RedirectKind::https ? "https:" : "http:";
    }
    return origin_;
}

bool RedirectUri::admits(const RedirectUri& presented) const {
    if (kind_ == RedirectKind::loopback && presented.kind_ == RedirectKind::loopback) {
        return host_ == presented.host_ && path_and_query_ == presented.path_and_query_;
    }
    return text_ == presented.text_;
}

}  // namespace quell::identity
