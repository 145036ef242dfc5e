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

// What a token may be used for (V04).
enum class Scope : std::uint8_t { challenges_create, challenges_read, sessions_revoke, devices_contain };

inline constexpr std::array kAllScopes = {Scope::challenges_create, Scope::challenges_read, Scope::sessions_revoke,
                                          Scope::devices_contain};

std::string_view to_string(Scope scope);  // "devices:contain"
std::optional<Scope> parse_scope(std::string_view text);

class ScopeSet;
// What a word of a scope parameter stands for: one scope; all of them for the alias `mcp` (E22); none for
// `offline_access`, since refresh tokens come without asking. nullopt: nothing that is known.
std::optional<ScopeSet> parse_scope_word(std::string_view word);

// A set of scopes; prints in the order of kAllScopes, space separated (V05).
class ScopeSet {
  public:
    constexpr ScopeSet() = default;
    constexpr ScopeSet(std::initializer_list<Scope> scopes) {
        for (const Scope scope : scopes) {
            bits_ = static_cast<std::uint8_t>(bits_ | bit(scope));
        }
    }
    static constexpr ScopeSet all() { return from_bits(0x0F); }
    static constexpr ScopeSet from_bits(std::uint8_t bits) {
        ScopeSet set;
        set.bits_ = bits & 0x0FU;
        return set;
    }
    // Space-separated words; unknown ones are left out.
    static ScopeSet parse_known(std::string_view text);

    constexpr bool has(Scope scope) const { return (bits_ & bit(scope)) != 0; }
    constexpr bool contains(ScopeSet other) const { return (bits_ & other.bits_) == other.bits_; }
    constexpr bool empty() const { return bits_ == 0; }
    constexpr ScopeSet operator|(ScopeSet other) const {
        return from_bits(static_cast<std::uint8_t>(bits_ | other.bits_));
    }
    constexpr ScopeSet operator&(ScopeSet other) const {
        return from_bits(static_cast<std::uint8_t>(bits_ & other.bits_));
    }
    constexpr std::uint8_t bits() const { return bits_; }
    constexpr bool operator==(const ScopeSet&) const = default;
    std::string to_string() const;

  private:
    static constexpr std::uint8_t bit(Scope scope) {
        return static_cast<std::uint8_t>(1U << static_cast<unsigned>(scope));
    }
    std::uint8_t bits_ = 0;
};

// Who asks: a user, a client or the command line, acting in one tenant. Made only by a check of credentials.
struct Principal {
    TenantId tenant;
    std::string id;     // stable: "user:<uuid>", "client:<client id>" or "uid:<number>" (command line)
    std::string label;  // for people and audit: an e-mail, a client's name, "uid:0"
    ClientId client;    // the OAuth client in between; empty for the command line
    ScopeSet scopes;
    TraceContext trace{};  // of the present call, by the caller's word; says nothing about who it is
};

}  // namespace quell::identity
