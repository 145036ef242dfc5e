// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/principal.hpp"

namespace quell::identity {
namespace {

constexpr std::array<std::string_view, kAllScopes.size()> kNames = {
    "challenges:create", "challenges:read", "sessions:revoke", "devices:contain", "mcp:read",   "mcp:access",  "mcp:approve",
    "secrets:read",      "secrets:write",   "secrets:delete",  "audit:read",      "audit:export", "admin:*"};

}  // namespace

std::string_view to_string(Scope scope) {
    return kNames[static_cast<std::size_t>(scope)];
}

std::optional<Scope> parse_scope(std::string_view text) {
    for (const Scope scope : kAllScopes) {
        if (to_string(scope) == text) {
            return scope;
        }
    }
    return std::nullopt;
}

std::optional<ScopeSet> parse_scope_word(std::string_view word) {
    if (word == "mcp") {
        return ScopeSet::usual();
    }
    if (word == "offline_access") {
        return ScopeSet{};
    }
    const auto scope = parse_scope(word);
    return scope ? std::optional(ScopeSet{*scope}) : std::nullopt;
}

ScopeSet ScopeSet::parse_known(std::string_view text) {
    ScopeSet known;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        known = known | parse_scope_word(text.substr(0, end)).value_or(ScopeSet{});
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return known;
}

std::string ScopeSet::to_string() const {
    std::string out;
    for (const Scope scope : kAllScopes) {
        if (has(scope)) {
            out += out.empty() ? "" : " ";
            out += identity::to_string(scope);
        }
    }
    return out;
}

}  // namespace quell::identity
