// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/redirect_hosts.hpp"

#include <algorithm>
#include <array>

namespace quell::identity {
namespace {

// E13: the callbacks of well-known MCP clients.
constexpr std::array<std::string_view, 20> kKnownClients = {
    "claude.ai",    "*.anthropic.com", "cowork.ai",    "*.cowork.ai",    "cursor.com",  "*.cursor.com",  "cursor.sh",
    "*.cursor.sh",  "openai.com",      "*.openai.com", "chatgpt.com",    "*.chatgpt.com", "continue.dev",
    "*.continue.dev", "zed.dev",       "*.zed.dev",    "windsurf.com",   "*.windsurf.com", "codeium.com",
    "*.codeium.com"};

bool is_known_client(std::string_view host) {
    return std::ranges::any_of(kKnownClients,
                               [host](std::string_view pattern) { return matches_host(pattern, host); });
}

// For error_description, which has an alphabet of its own (RFC 6749 5.2).
std::string quotable(std::string_view text) {
    constexpr std::size_t kLongest = 200;
    std::string out(text.substr(0, kLongest));
    std::ranges::replace_if(out, [](char c) { return c < 0x20 || c > 0x7E || c == '"' || c == '\\'; }, '?');
    return text.size() > kLongest ? out + "..." : out;
}

Error refusal(std::size_t number, std::string_view text, std::string_view why) {
    return {Code::invalid_argument, "invalid_redirect_uri",
            "redirect_uris[" + std::to_string(number) + "] (" + quotable(text) + "): " + std::string(why)};
}

}  // namespace

bool matches_host(std::string_view pattern, std::string_view host) {
    if (!pattern.starts_with("*.")) {
        return pattern == host;
    }
    const std::string_view below = pattern.substr(1);
    return host.size() > below.size() && host.ends_with(below);
}

bool matches_any_host(const std::vector<std::string>& patterns, std::string_view host) {
    return std::ranges::any_of(patterns, [host](const std::string& pattern) { return matches_host(pattern, host); });
}

bool may_lead_to(const config::RedirectHosts& allowed, const RedirectUri& uri) {
    return allowed.any || uri.leads_to_this_machine() ||
           (allowed.known_clients && is_known_client(uri.host())) || matches_any_host(allowed.hosts, uri.host());
}

config::RedirectHosts known_clients_only() {
    return {.any = false, .known_clients = true, .hosts = {}};
}

Result<std::vector<RedirectUri>> registrable_uris(const std::vector<std::string>& texts,
                                                  const config::RedirectHosts& allowed) {
    std::vector<RedirectUri> uris;
    for (const std::string& text : texts) {
        auto uri = RedirectUri::parse(text);
        if (!uri) {
            return refusal(uris.size(), text, uri.error()->message);
        }
        if (!may_lead_to(allowed, *uri)) {
            return refusal(uris.size(), text, "this host's administrator does not allow clients to lead people there");
        }
        uris.push_back(*std::move(uri));
    }
    return uris;
}

}  // namespace quell::identity
