// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "fixtures.hpp"

namespace fixtures {
namespace {

using nlohmann::json;
using quell::McpReply;
using quell::Result;

McpReply contents(const std::string& uri, const char* type, const char* member, const std::string& value) {
    return quell::mcp_result(json{{"contents", {{{"uri", uri}, {"mimeType", type}, {member, value}}}}}.dump());
}

json user(json content) { return {{"role", "user"}, {"content", std::move(content)}}; }
json text(const std::string& value) { return {{"type", "text"}, {"text", value}}; }

McpReply messages(json list) { return quell::mcp_result(json{{"messages", std::move(list)}}.dump()); }

Result<McpReply> ask_for_context(const quell::McpPromptGet& request) {
    const json answer = answer_to(request.round.input_responses, "user_context");
    if (!answer.is_null())
        return messages({user(text("Context: " + typed(answer, "context")))});
    return quell::mcp_input_required(
        R"({"user_context":{"method":"elicitation/create","params":{"message":"What context should the prompt use?",)"
        R"("requestedSchema":{"type":"object","properties":{"context":{"type":"string"}},"required":["context"]}}}})");
}

}  // namespace

std::vector<std::string> resources() {
    return {R"({"uri":"test://static-text","name":"static-text","description":"A text","mimeType":"text/plain"})",
            R"({"uri":"test://static-binary","name":"static-binary","description":"An image","mimeType":"image/png"})",
            R"({"uri":"test://watched-resource","name":"watched-resource","description":"A text that changes","mimeType":"text/plain"})"};
}

std::vector<std::string> resource_templates() {
    return {R"({"uriTemplate":"test://template/{id}/data","name":"template","description":"Data by id","mimeType":"application/json"})"};
}

Result<McpReply> read_resource(const quell::McpResourceRead& request) {
    constexpr std::string_view kHead = "test://template/", kTail = "/data";
    const std::string& uri = request.uri;
    if (uri == "test://static-text")
        return contents(uri, "text/plain", "text", "This is the content of the static text resource.");
    if (uri == "test://static-binary")
        return contents(uri, "image/png", "blob", kPng);
    if (uri == "test://watched-resource")
        return contents(uri, "text/plain", "text", "Watched.");
    if (uri.starts_with(kHead) && uri.ends_with(kTail) && uri.size() > kHead.size() + kTail.size()) {
        const std::string id = uri.substr(kHead.size(), uri.size() - kHead.size() - kTail.size());
        return contents(uri, "application/json", "text",
                        json{{"id", id}, {"templateTest", true}, {"data", "Data for ID: " + id}}.dump());
    }
    return quell::not_found("There is no such resource.");
}

std::vector<std::string> prompts() {
    return {R"({"name":"test_simple_prompt","description":"One message"})",
            R"({"name":"test_prompt_with_arguments","description":"Two arguments","arguments":[{"name":"arg1","description":"First","required":true},{"name":"arg2","description":"Second","required":true}]})",
            R"({"name":"test_prompt_with_embedded_resource","description":"A resource inside","arguments":[{"name":"resourceUri","description":"Which","required":true}]})",
            R"({"name":"test_prompt_with_image","description":"An image inside"})",
            R"({"name":"test_input_required_result_prompt","description":"Asks first"})"};
}

Result<McpReply> get_prompt(const quell::McpPromptGet& request) {
    const json arguments = json::parse(request.arguments);
    if (request.name == "test_simple_prompt")
        return messages({user(text("This is a simple prompt for testing."))});
    if (request.name == "test_prompt_with_arguments")
        return messages({user(text("Prompt with arguments: arg1='" + arguments.value("arg1", "") + "', arg2='" +
                                   arguments.value("arg2", "") + "'"))});
    if (request.name == "test_prompt_with_embedded_resource") {
        const json resource = {{"uri", arguments.value("resourceUri", "")},
                               {"mimeType", "text/plain"},
                               {"text", "Embedded resource content for testing."}};
        return messages({user({{"type", "resource"}, {"resource", resource}}),
                         user(text("Please process the embedded resource above."))});
    }
    if (request.name == "test_prompt_with_image")
        return messages({user({{"type", "image"}, {"data", kPng}, {"mimeType", "image/png"}}),
                         user(text("Please analyze the image above."))});
    if (request.name == "test_input_required_result_prompt")
        return ask_for_context(request);
    return quell::not_found("There is no prompt " + request.name + ".");
}

}  // namespace fixtures
