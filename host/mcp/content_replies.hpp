// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "http/message.hpp"
#include "mcp/content_call.hpp"
#include "mcp/message.hpp"

namespace quell::mcp {

// The last message of a content call, in the words of its era.

// {"jsonrpc":"2.0","id":ID,"result":RESULT} with both already JSON text.
std::string result_message(std::string_view id, std::string_view result);
// The error as an answer; `more` as in RpcError.
http::Response error_answer(std::string_view id, const RpcError& error);

// A result or a protocol error of the plugin.
http::Response reply_response(const ContentCall& call, const plugins::ContentReply& reply);
// A failure of the call: a tool's is a result with isError; of a resource or prompt, an error.
http::Response error_response(const ContentCall& call, const Error& error);
// InputRequiredResult with the sealed state; an error where the client did not declare that it can be asked.
http::Response questions_response(const ContentCall& call, const plugins::ContentReply& reply);
// CreateTaskResult.
http::Response task_response(const ContentCall& call, const plugins::ContentReply& reply);

// -32021 with what is missing; in the older era, which has no such error, a result with isError.
http::Response missing_capabilities(Era era, std::string_view id, const std::string& name, json::Object missing);

// plugin_bad_result if the result's structuredContent does not match the tool's outputSchema. Results with isError are not
// checked.
Result<void> check_output(const plugins::ContentTool& tool, const std::string& result);

}  // namespace quell::mcp
