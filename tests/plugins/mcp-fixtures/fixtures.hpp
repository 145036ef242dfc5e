// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <quell/json.hpp>
#include <quell/plugin.hpp>
#include <string>
#include <string_view>
#include <vector>

// What the conformance suite of MCP expects of a server: names, texts and shapes are the suite's.
namespace fixtures {

// One tool: what it is, and what it does.
struct Tool {
    quell::McpTool offer;
    std::string name;
    std::function<quell::Result<quell::McpReply>(quell::Call&, const quell::McpToolCall&)> run;
};

// `schema`: the inputSchema; none: an object without members.
inline Tool tool(std::string name, const std::string& description,
                 std::function<quell::Result<quell::McpReply>(quell::Call&, const quell::McpToolCall&)> run,
                 const std::string& schema = R"({"type":"object"})") {
    return {{R"({"name":")" + name + R"(","description":")" + description + R"(","inputSchema":)" + schema + "}"},
            std::move(name),
            std::move(run)};
}

std::vector<Tool> plain_tools();   // content of every kind, progress, log
std::vector<Tool> asking_tools();  // that need the client's answers
std::vector<Tool> task_tools();    // whose work outlives the call

quell::Result<quell::McpReply> continue_task(const quell::McpTaskQuery& query, quell::Time now);

std::vector<std::string> resources();
std::vector<std::string> resource_templates();
quell::Result<quell::McpReply> read_resource(const quell::McpResourceRead& request);

std::vector<std::string> prompts();
quell::Result<quell::McpReply> get_prompt(const quell::McpPromptGet& request);

inline constexpr const char* kPng =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

// The client's answer to the question `key`; null unless it has the shape of one.
inline nlohmann::json answer_to(const std::optional<std::string>& responses, std::string_view key) {
    const auto document = quell::parse_document(responses.value_or("{}"));
    const nlohmann::json* found = document ? quell::find_member(*document, key) : nullptr;
    return found != nullptr && found->is_object() ? *found : nlohmann::json();
}

// A member of what a person typed into a form.
inline std::string typed(const nlohmann::json& answer, std::string_view field) {
    const nlohmann::json* found = quell::find_path(answer, {"content", field});
    return found == nullptr ? "" : found->is_string() ? found->get<std::string>() : found->dump();
}

}  // namespace fixtures
