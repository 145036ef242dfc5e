// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "http/message.hpp"
#include "mcp/message.hpp"

namespace quell::mcp {

// The two protocol eras on one endpoint (PROTOCOL.md 1.4 "Dual-era rule").
enum class Era { sessions, stateless };

inline constexpr std::string_view kStatelessVersion = "2026-07-28";
// Newest first: what `initialize` accepts, and what server/discover lists after the stateless one.
inline constexpr std::array<std::string_view, 3> kSessionVersions = {"2025-11-25", "2025-06-18", "2025-03-26"};

// Stateless if the version header says 2026-07-28 or later, the _meta carries the version, or the method is
// server/discover: any claim of the newer era counts.
Era era_of(const http::Request& request, const Message& message);

// Whether the version header alone says the stateless era: what there is to go by without a body.
bool is_stateless(const http::Request& request);

// A header of this protocol that comes more than once, or nothing: which of two counts must not be a matter of luck.
std::string_view repeated_header(const http::Request& request);

// The header and _meta rules of the era: versions, Mcp-Method, Mcp-Name. nullopt: all is well.
std::optional<RpcError> check_claims(Era era, const http::Request& request, const Message& message);

// What the client of a stateless request that check_claims() let through declares of itself.
const json::Object& declared_capabilities(const Message& message);

// Without the white space around it (RFC 9110 5.5).
std::string_view trim_header(std::string_view value);

// A header value in the =?base64?...?= form, decoded; plain values as they are; nullopt for a broken one.
std::optional<std::string> decode_header(std::string_view value);

}  // namespace quell::mcp
