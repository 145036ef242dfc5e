// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

#include "base/error.hpp"
#include "mcp/era.hpp"
#include "plugins/mcp_content.hpp"

namespace quell::mcp {

// Results made of a plugin's documents, as JSON text. Nothing in them is parsed again.

// The plugin's result with what the stateless era adds to every result: its type, who answers, and `more` (members, each with
// a comma before it). In the older era the document as it is.
std::string complete_result(Era era, std::string_view document, std::string_view server_info, std::string_view more = {});

// A CallToolResult that tells the error of INTERFACES.md 2, for the model to read.
std::string error_tool_result(const Error& error);

// The error object of JSON-RPC that a plugin asked for.
std::string error_object(const plugins::ContentReply& reply);

}  // namespace quell::mcp
