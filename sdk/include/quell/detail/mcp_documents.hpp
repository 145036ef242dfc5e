// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <quell/detail/documents.hpp>
#include <quell/mcp_content.hpp>

// The documents of sdk/schema/mcp_content-1.*.json. Replies are put together as text, so that no byte of the author's
// documents changes on the way.

namespace quell::inline v1::detail {

inline std::string object_text(const nlohmann::json& document, std::string_view name) {
    const nlohmann::json* found = find_member(document, name);
    return found != nullptr && found->is_object() ? to_text(*found) : "{}";
}

inline std::optional<std::string> responses_text(const nlohmann::json& document) {
    const nlohmann::json* found = find_member(document, "input_responses");
    return found == nullptr ? std::nullopt : std::optional(to_text(*found));
}

inline McpRound read_round(const nlohmann::json& document) {
    return {object_text(document, "client_capabilities"), responses_text(document), string_member(document, "state")};
}

inline Result<McpToolCall> read_tool_call(const nlohmann::json& document) {
    QUELL_TRY(std::string name, RequestReader(document).text("name"));
    const nlohmann::json* allowed = find_member(document, "task_allowed");
    return McpToolCall{std::move(name), object_text(document, "arguments"),
                       allowed != nullptr && allowed->is_boolean() && allowed->get<bool>(), read_round(document)};
}

inline Result<McpResourceRead> read_resource_read(const nlohmann::json& document) {
    QUELL_TRY(std::string uri, RequestReader(document).text("uri"));
    return McpResourceRead{std::move(uri), read_round(document)};
}

inline Result<McpPromptGet> read_prompt_get(const nlohmann::json& document) {
    QUELL_TRY(std::string name, RequestReader(document).text("name"));
    return McpPromptGet{std::move(name), object_text(document, "arguments"), read_round(document)};
}

inline Result<McpCompletionQuery> read_completion_query(const nlohmann::json& document) {
    const nlohmann::json* ref = find_member(document, "ref");
    const nlohmann::json* argument = find_member(document, "argument");
    if (ref == nullptr || argument == nullptr)
        return RequestReader::bad("ref");
    const auto name = string_member(*ref, "name");
    const auto uri = string_member(*ref, "uri");
    if (!name && !uri)
        return RequestReader::bad("ref");
    QUELL_TRY(std::string which, RequestReader(*argument).text("name"));
    QUELL_TRY(std::string value, RequestReader(*argument).text("value"));
    return McpCompletionQuery{name.has_value(), name ? *name : *uri, std::move(which), std::move(value),
                              object_text(document, "context")};
}

inline Result<McpTaskQuery> read_task_query(const nlohmann::json& document) {
    QUELL_TRY(std::string continuation, RequestReader(document).text("continuation"));
    return McpTaskQuery{std::move(continuation), object_text(document, "client_capabilities"),
                        responses_text(document)};
}

inline bool is_object_text(std::string_view text) {
    const auto document = parse_document(text);
    return document && document->is_object();
}

inline std::string_view to_string(TaskSupport support) {
    if (support == TaskSupport::required)
        return "required";
    return support == TaskSupport::optional ? "optional" : "forbidden";
}

// One string per line of the offer; throws for an author's mistake, which ends as an internal error of the call.
inline void append_object(std::string& out, const std::string& text) {
    if (!is_object_text(text))
        throw std::invalid_argument("not a JSON object");
    out += out.back() == '[' ? "" : ",";
    out += text;
}

inline std::string tool_text(const McpTool& tool) {
    std::string text = R"({"definition":)" + tool.definition + R"(,"task_support":")" +
                       std::string(to_string(tool.task_support)) + '"';
    if (!tool.required_client_capabilities.empty())
        text += R"(,"required_client_capabilities":)" + tool.required_client_capabilities;
    return text + "}";
}

inline void append_list(std::string& out, std::string_view name, const std::vector<std::string>& documents) {
    out += out.back() == '{' ? "\"" : ",\"";
    out += name;
    out += "\":[";
    for (const std::string& document : documents)
        append_object(out, document);
    out += ']';
}

inline std::string reply_text(const McpOffer& offer) {
    std::vector<std::string> tools;
    for (const McpTool& tool : offer.tools)
        tools.push_back(tool_text(tool));
    std::string out = "{";
    append_list(out, "tools", tools);
    append_list(out, "resources", offer.resources);
    append_list(out, "resource_templates", offer.resource_templates);
    append_list(out, "prompts", offer.prompts);
    return out + "}";
}

inline std::string reply_text(const McpReply& reply) {
    if (!is_object_text(reply.document))
        throw std::invalid_argument("not a JSON object");
    return "{\"" + reply.member + "\":" + reply.document + "}";
}

struct NothingToSay {};

inline std::string reply_text(const NothingToSay&) {
    return "{}";
}

inline std::string reply_text(const McpCompletion& completion) {
    nlohmann::json document = {{"values", completion.values}, {"hasMore", completion.has_more}};
    if (completion.total)
        document["total"] = *completion.total;
    return to_text({{"completion", std::move(document)}});
}

}  // namespace quell::inline v1::detail
