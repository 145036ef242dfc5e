// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "mcp/content_catalog.hpp"
#include "mcp/era.hpp"
#include "mcp/pending_answer.hpp"
#include "mcp/request_state.hpp"
#include "mcp/session.hpp"
#include "mcp/tasks.hpp"

namespace quell::mcp {

// What a content call needs besides itself; outlives it.
struct ContentServices {
    RequestStates& states;
    Tasks& tasks;
    std::string server_info;  // JSON text
    // Called before a tool's first acting request, on a worker thread; durable on return (no audit, no action).
    std::function<Result<void>(const identity::Principal& caller, const std::string& connector, const std::string& tool)> before_acting;
    // Told of every call of a tool when it is over.
    std::function<void(const identity::Principal& caller, const std::string& connector, const std::string& tool, std::string_view outcome)> called;
};

// tools/call, resources/read or prompts/get of a plugin, from the request to its answer. Owns all it needs, since the request
// is gone once the answer is a stream. On the request's I/O thread.
struct ContentCall {
    const ContentServices& services;
    Era era{};
    std::string id;  // of the request, as JSON text
    identity::Principal caller;
    std::shared_ptr<Session> session;
    std::shared_ptr<ContentCatalog> catalog;     // holds the deployment
    std::shared_ptr<const ContentSet> content;   // holds the tool
    const plugins::Connector* connector = nullptr;
    const plugins::ContentTool* tool = nullptr;  // null: a resource or a prompt
    std::string rpc_method;                      // "tools/call"
    std::string method;                          // "call_tool"
    std::string name;                            // of the tool or prompt, or the URI
    json::Object request;                        // for the plugin
    std::string arguments;                       // canonical, for what binds the state
    json::Object capabilities;                   // the client's
    std::string progress_token{};                // JSON text; empty: none
    std::optional<LogLevel> log_level{};
    bool task_allowed = false;
    std::shared_ptr<PendingAnswer> answer{};
    double progress = -std::numeric_limits<double>::infinity();

    bool is_read_only() const { return tool == nullptr || tool->read_only; }
    RequestStates::Binding binding() const {
        return {.caller = caller, .method = rpc_method, .name = name, .arguments = arguments, .once = !is_read_only()};
    }
};

// Runs it: asks the plugin, tells the client what the plugin tells meanwhile, and finishes call->answer in any case. In the
// older era it is here that questions become requests on the stream, and that work which goes on is waited for.
boost::asio::awaitable<void, PendingAnswer::Executor> run_content_call(std::shared_ptr<ContentCall> call);

}  // namespace quell::mcp
