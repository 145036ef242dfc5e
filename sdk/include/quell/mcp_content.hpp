// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <quell/call.hpp>
#include <quell/result.hpp>

// "mcp_content/1": tools, resources and prompts for MCP clients. Documents of MCP are JSON text here, and the host
// passes definitions and results on byte for byte. Text that is not a JSON object is an internal error of the plugin.

namespace quell::inline v1 {

enum class TaskSupport { forbidden, optional, required };

struct McpTool {
    std::string definition{};  // Tool of MCP, for example R"({"name": ..., "description": ..., "inputSchema": {...}})"
    TaskSupport task_support = TaskSupport::forbidden;
    std::string required_client_capabilities{};  // ClientCapabilities of MCP; empty: none
};

// All that is offered at this moment, in the order that clients see.
struct McpOffer {
    std::vector<McpTool> tools{};
    std::vector<std::string> resources{};           // Resource of MCP
    std::vector<std::string> resource_templates{};  // ResourceTemplate of MCP
    std::vector<std::string> prompts{};             // Prompt of MCP
};

// What every call that may take several rounds carries.
struct McpRound {
    std::string client_capabilities = "{}";       // what the client says it can do: ask nothing else of it
    std::optional<std::string> input_responses{};  // a JSON object by the keys of the questions; unchecked
    std::optional<std::string> state{};            // of the reply that asked, unchanged

    bool is_first() const { return !input_responses && !state; }
};

struct McpToolCall {
    std::string name{};
    std::string arguments = "{}";  // valid by the tool's inputSchema
    bool task_allowed = false;
    McpRound round{};
};

struct McpResourceRead {
    std::string uri{};
    McpRound round{};
};

struct McpPromptGet {
    std::string name{};
    std::string arguments = "{}";
    McpRound round{};
};

struct McpCompletionQuery {
    bool for_prompt = true;
    std::string target{};    // the prompt's name, or the template's URI
    std::string argument{};  // which argument is being typed
    std::string value{};     // and what there is of it
    std::string context = "{}";
};

struct McpCompletion {
    std::vector<std::string> values{};  // at most 100, the best first
    std::optional<std::int64_t> total{};
    bool has_more = false;
};

struct McpTaskQuery {
    std::string continuation{};
    std::string client_capabilities = "{}";
    std::optional<std::string> input_responses{};
};

// How a call ended, or goes on. Make one with the functions below.
struct McpReply {
    std::string member{};    // "result", "input_required", "task" or "error"
    std::string document{};  // its JSON text
};

// `document`: CallToolResult, ReadResourceResult or GetPromptResult of MCP, without resultType.
inline McpReply mcp_result(std::string document) {
    return {"result", std::move(document)};
}

// A tool's result of one text. What went wrong and what to do is for the model to read: is_error.
inline McpReply mcp_text(std::string_view text, bool is_error = false) {
    return {"result", R"({"content":[{"type":"text","text":)" + detail::json_quoted(text) +
                          (is_error ? R"(}],"isError":true})" : "}]}")};
}

// `requests`: a JSON object of questions by keys of your choice. The host gives `state` back as it is, and to no other
// caller's call.
inline McpReply mcp_input_required(const std::string& requests,
                                   const std::optional<std::string>& state = std::nullopt) {
    return {"input_required",
            R"({"requests":)" + requests +
                (state ? R"(,"state":)" + detail::json_quoted(*state) : std::string()) + "}"};
}

// The work goes on, and `continuation` finds it again, in another process too.
inline McpReply mcp_task(std::string_view continuation,
                         std::chrono::milliseconds poll_after = std::chrono::seconds{1},
                         std::string_view status_message = {}) {
    return {"task",
            R"({"continuation":)" + detail::json_quoted(continuation) + R"(,"poll_after_ms":)" +
                std::to_string(poll_after.count()) +
                (status_message.empty() ? std::string()
                                        : R"(,"status_message":)" + detail::json_quoted(status_message)) +
                "}"};
}

// The request cannot be served. Codes: -32602 (wrong parameters), -32603, or your own outside -32768 to -32000.
inline McpReply mcp_error(std::int64_t code, std::string_view message) {
    return {"error", R"({"code":)" + std::to_string(code) + R"(,"message":)" +
                         detail::json_quoted(message) + "}"};
}

// Derive from it. Threads: as for DeviceContainment. What is not overridden answers that there is none.
class McpContent {
  public:
    virtual ~McpContent() = default;

    // Cheap: it is asked again after each call.mcp().tools_changed() and its likes.
    virtual Result<McpOffer> list(Call& call) = 0;

    virtual Result<McpReply> call_tool(Call&, const McpToolCall& request) {
        return not_found("There is no tool " + request.name + ".");
    }
    virtual Result<McpReply> read_resource(Call&, const McpResourceRead&) {
        return not_found("There is no such resource.");
    }
    virtual Result<McpReply> get_prompt(Call&, const McpPromptGet& request) {
        return not_found("There is no prompt " + request.name + ".");
    }
    virtual Result<McpCompletion> complete(Call&, const McpCompletionQuery&) { return McpCompletion{}; }
    virtual Result<McpReply> continue_task(Call&, const McpTaskQuery&) {
        return not_found("There is no such task.");
    }
    virtual Result<void> cancel_task(Call&, const std::string&) { return {}; }
};

}  // namespace quell::inline v1
