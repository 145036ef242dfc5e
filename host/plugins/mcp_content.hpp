// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/schema.hpp"
#include "plugins/connector.hpp"

namespace quell::plugins {

// mcp_content/1 (sdk/schema) as types. Definitions and results are JSON text as the plugin wrote it.
inline constexpr std::string_view kMcpContent = "mcp_content/1";

enum class TaskSupport { forbidden, optional, required };

struct ContentTool {
    std::string name;
    std::string definition;
    TaskSupport task_support = TaskSupport::forbidden;
    json::Object required_capabilities;
    bool read_only = false;  // its annotations say readOnlyHint: true
    json::Schema arguments;
    std::optional<json::Schema> output;
};

// A resource by its URI, a template by its URI template, a prompt by its name.
struct ContentItem {
    std::string name;
    std::string definition;
};

struct ContentOffer {
    std::vector<ContentTool> tools;
    std::vector<ContentItem> resources;
    std::vector<ContentItem> templates;
    std::vector<ContentItem> prompts;
    std::vector<std::string> refused;  // names of tools whose schemas this host cannot check, with the reason
};

// How a content method ended, or goes on.
struct ContentReply {
    enum class Kind { result, input_required, task, error };
    Kind kind = Kind::result;
    std::string text{};                      // result: the document; input_required: the questions by key
    std::optional<std::string> state{};      // of input_required
    std::string continuation{};              // of a task
    Millis poll_after{1000};
    Millis ttl{0};
    std::string status_message{};
    std::int64_t error_code = 0;             // of an error, whose data, if any, is `text`
    std::string error_message{};
};

// All that the connector offers at this moment. Read-only.
base::Task<ContentOffer> list_content(const Connector& connector, CallOptions options);

// `method`: call_tool, read_resource, get_prompt or continue_task, with its request document. What is not found is an
// error with Code::not_found. options.read_only is the caller's to set.
base::Task<ContentReply> call_content(const Connector& connector, std::string_view method, std::string request,
                                      CallOptions options);

// The `completion` of complete, as JSON text. Read-only.
base::Task<std::string> complete_content(const Connector& connector, std::string request, CallOptions options);

base::Task<void> cancel_content_task(const Connector& connector, const std::string& continuation, CallOptions options);

}  // namespace quell::plugins
