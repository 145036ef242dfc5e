// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/value.hpp"

namespace quell::cli {

// One JSON-RPC message of the desktop client, as far as the bridge has to understand it: what goes into HTTP headers.
struct BridgeMessage {
    std::string text;    // as it came
    std::string id;      // JSON text; empty: no request
    std::string method;  // empty: an answer to the server
    std::string version; // protocol version in `_meta`; set: a message of the stateless era (2026-07-28)
    std::string name;    // for Mcp-Name; empty: none
    std::string cancels; // of notifications/cancelled: the id, as JSON text

    bool is_request() const { return !id.empty() && !method.empty(); }
    // The stateless era says so in every request (MCP 2026-07-28, versioning).
    bool is_stateless() const { return !version.empty() || method == "server/discover"; }

    // nullopt: this is no JSON object.
    static std::optional<BridgeMessage> parse(std::string_view line);
};

// A value of Mcp-Name: as it is where a header can carry it, else =?base64?...?= (MCP 2026-07-28, transports).
std::string header_value(std::string_view text);

// The answer for a request that the host never gave one: outside of JSON-RPC's reserved codes, by HTTP's number.
std::string error_answer(std::string_view id, int code, std::string_view message);

// JSON text on one line, as the stdio transport wants it: raw line ends in it can only be blanks.
std::string on_one_line(std::string_view json);

}  // namespace quell::cli
