// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "json/value.hpp"

namespace quell::mcp {

// JSON-RPC error codes: JSON-RPC 2.0 section 5.1 and MCP 2026-07-28. Our own lies outside the reserved range.
enum class RpcCode : int {
    parse_error = -32700,
    invalid_request = -32600,
    method_not_found = -32601,
    invalid_params = -32602,
    internal_error = -32603,
    resource_not_found = -32002,  // the older era alone
    header_mismatch = -32020,
    missing_capability = -32021,
    unsupported_version = -32022,
    forbidden = 403,
};

// A failure of the protocol, as opposed to a tool's refusal (which is a result with isError).
struct RpcError {
    unsigned http_status = 400;
    RpcCode code = RpcCode::invalid_request;
    std::string message;
    json::Object data{};
};

// One JSON-RPC message of a client. Views point into the parsed document, which must outlive it.
struct Message {
    const json::Value* id = nullptr;  // string or integer; null in a notification
    std::string_view method;          // empty in a response
    const json::Object* params = nullptr;
    bool is_response = false;

    bool is_request() const { return id != nullptr && !is_response; }
    const json::Object* meta() const;  // params._meta
};

// Checks the frame: one object (batches are gone since 2025-06-18, MC-09), "jsonrpc": "2.0", id, method, params.
tl::expected<Message, RpcError> read_message(const json::Value& document);

// {"jsonrpc":"2.0","id":...,"error":{...}}; `id` may be null (left out, as the schema wants it).
std::string error_reply(const json::Value* id, const RpcError& error);
// {"jsonrpc":"2.0","id":...,"result":RESULT} with RESULT already JSON text.
std::string result_reply(const json::Value& id, std::string_view result);
// The same up to RESULT, for one that is written behind it; "}" closes it.
void begin_reply(std::string& out, const json::Value& id);

}  // namespace quell::mcp
