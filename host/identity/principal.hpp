// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/trace_context.hpp"

namespace quell::identity {

// What a token may be used for: the tools (V04), then guarded secrets and their approvals (L40+).
enum class Scope : std::uint8_t {
    challenges_create,
    challenges_read,
    sessions_revoke,
    devices_contain,
    mcp_read,
    mcp_access,
    mcp_approve,
    secrets_read,
    secrets_write,
    secrets_delete,
    audit_read,
    audit_export,
    admin_all,
};

inline constexpr std::array kAllScopes = {
    Scope::challenges_create, Scope::challenges_read, Scope::sessions_revoke, Scope::devices_contain, Scope::mcp_read,
    Scope::mcp_access,        Scope::mcp_approve,     Scope::secrets_read,    Scope::secrets_write,   Scope::secrets_delete,
    Scope::audit_read,        Scope::audit_export,    Scope::admin_all};

std::string_view to_string(Scope scope);  // "devices:contain"
std::optional<Scope> parse_scope(std::string_view text);

class ScopeSet;
// What a word of a scope parameter stands for: one scope; the usual ones for the alias `mcp` (E22); none for
// `offline_access`, since refresh tokens come without asking. nullopt: nothing that is known.
std::optional<ScopeSet> parse_scope_word(std::string_view word);

// A set of scopes; prints in the order of kAllScopes, space separated (V05).
class ScopeSet {
  public:
    constexpr ScopeSet() = default;
    constexpr ScopeSet(std::initializer_list<Scope> scopes) {
        for (const Scope scope : scopes) {
            bits_ = static_cast<std::uint16_t>(bits_ | bit(scope));
        }
    }
    static constexpr ScopeSet all() { return from_bits(kAllBits); }
    // What a client gets that asks for nothing in particular. Secrets and approvals have to be asked for by name, so that
    // no agent holds them by accident.
    static constexpr ScopeSet usual() { return from_bits(0x0F); }
    static constexpr ScopeSet from_bits(std::uint16_t bits) {
        ScopeSet set;
        set.bits_ = bits & kAllBits;
        return set;
    }
    // Space-separated words; unknown ones are left out.
    static ScopeSet parse_known(std::string_view text);

    constexpr bool has(Scope scope) const { return (bits_ & bit(scope)) != 0; }
    constexpr bool contains(ScopeSet other) const { return (bits_ & other.bits_) == other.bits_; }
    constexpr bool empty() const { return bits_ == 0; }
    constexpr ScopeSet operator|(ScopeSet other) const {
        return from_bits(static_cast<std::uint16_t>(bits_ | other.bits_));
    }
    constexpr ScopeSet operator&(ScopeSet other) const {
        return from_bits(static_cast<std::uint16_t>(bits_ & other.bits_));
    }
    constexpr std::uint16_t bits() const { return bits_; }
    constexpr bool operator==(const ScopeSet&) const = default;
    std::string to_string() const;

  private:
    static constexpr std::uint16_t kAllBits = (1U << kAllScopes.size()) - 1;
    static constexpr std::uint16_t bit(Scope scope) {
        return static_cast<std::uint16_t>(1U << static_cast<unsigned>(scope));
    }
    std::uint16_t bits_ = 0;
};

// Who asks: a user, a client or the command line, acting in one tenant. Made only by a check of credentials.
struct Principal {
    TenantId tenant;
    std::string id;     // stable: "user:<uuid>", "client:<client id>" or "uid:<number>" (command line)
    std::string label;  // for people and audit: an e-mail, a client's name, "uid:0"
    ClientId client;    // the OAuth client in between; empty for the command line
    ScopeSet scopes;
    std::string key_name{};  // of the API key that was shown, as an administrator named it; empty: none
    TraceContext trace{};  // of the present call, by the caller's word; says nothing about who it is
    std::string peer{};        // of the present call: the address that it comes from
    std::string user_agent{};  // likewise, by the caller's word
};

}  // namespace quell::identity
