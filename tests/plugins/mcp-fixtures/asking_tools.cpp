// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "fixtures.hpp"

namespace fixtures {
namespace {

using nlohmann::json;
using quell::Call;
using quell::McpReply;
using quell::McpToolCall;
using quell::Result;

json form(const std::string& message, const json& properties, const json& required) {
    return {{"method", "elicitation/create"},
            {"params",
             {{"message", message},
              {"requestedSchema", {{"type", "object"}, {"properties", properties}, {"required", required}}}}}};
}

json ask_for(const std::string& message, const std::string& field, const std::string& type = "string") {
    return form(message, {{field, {{"type", type}}}}, {field});
}

json sample(const std::string& prompt, int tokens = 100) {
    return {{"method", "sampling/createMessage"},
            {"params",
             {{"messages", {{{"role", "user"}, {"content", {{"type", "text"}, {"text", prompt}}}}}}, {"maxTokens", tokens}}}};
}

json list_roots() { return {{"method", "roots/list"}, {"params", json::object()}}; }

McpReply ask(const json& requests, const std::optional<std::string>& state = std::nullopt) {
    return quell::mcp_input_required(requests.dump(), state);
}

std::string text_of(const json& sampled) {
    const json* text = quell::find_path(sampled, {"content", "text"});
    return text != nullptr && text->is_string() ? text->get<std::string>() : "";
}

// A tool that asks one question under `key` and ends with what `finish` makes of the answer.
auto one_question(std::string key, json request, std::function<std::string(const json&)> finish,
                  const std::optional<std::string>& state = std::nullopt) {
    return [=](Call&, const McpToolCall& call) -> Result<McpReply> {
        const json answer = answer_to(call.round.input_responses, key);
        if (answer.is_null() || (state && call.round.state != state))
            return ask({{key, request}}, state);
        return quell::mcp_text(finish(answer));
    };
}

std::string describe(const json& answer) {
    return "Elicitation completed: action=" + quell::string_member(answer, "action").value_or("") +
           ", content=" + (answer.contains("content") ? answer["content"].dump() : "{}");
}

json options(const char* key, std::initializer_list<std::pair<const char*, const char*>> titled) {
    json list = json::array();
    for (const auto& [value, title] : titled)
        list.push_back({{"const", value}, {"title", title}});
    return {{key, list}};
}

json enum_fields() {
    const json three = {"option1", "option2", "option3"};
    json single = options("oneOf", {{"value1", "First Option"}, {"value2", "Second Option"}, {"value3", "Third Option"}});
    single["type"] = "string";
    const json multi = options("anyOf", {{"value1", "First Choice"}, {"value2", "Second Choice"}, {"value3", "Third Choice"}});
    return {{"untitledSingle", {{"type", "string"}, {"enum", three}}},
            {"titledSingle", single},
            {"legacyEnum", {{"type", "string"}, {"enum", {"opt1", "opt2", "opt3"}}, {"enumNames", {"Option One", "Option Two", "Option Three"}}}},
            {"untitledMulti", {{"type", "array"}, {"items", {{"type", "string"}, {"enum", three}}}}},
            {"titledMulti", {{"type", "array"}, {"items", multi}}}};
}

json default_fields() {
    return {{"name", {{"type", "string"}, {"default", "John Doe"}}},
            {"age", {{"type", "integer"}, {"default", 30}}},
            {"score", {{"type", "number"}, {"default", 95.5}}},
            {"status", {{"type", "string"}, {"enum", {"active", "inactive", "pending"}}, {"default", "active"}}},
            {"verified", {{"type", "boolean"}, {"default", true}}}};
}

Result<McpReply> sample_prompt(Call&, const McpToolCall& call) {
    const json answer = answer_to(call.round.input_responses, "answer");
    if (!answer.is_null())
        return quell::mcp_text("LLM response: " + text_of(answer));
    return ask({{"answer", sample(json::parse(call.arguments)["prompt"])}});
}

Result<McpReply> elicit_message(Call&, const McpToolCall& call) {
    const json answer = answer_to(call.round.input_responses, "user");
    if (!answer.is_null())
        return quell::mcp_text("User response: " + answer.dump());
    return ask({{"user", form(json::parse(call.arguments)["message"],
                              {{"username", {{"type", "string"}, {"description", "User's response"}}},
                               {"email", {{"type", "string"}, {"description", "User's email address"}}}},
                              {"username", "email"})}});
}

Result<McpReply> ask_three_ways(Call&, const McpToolCall& call) {
    const auto& responses = call.round.input_responses;
    const json name = answer_to(responses, "user_name"), greeting = answer_to(responses, "greeting");
    if (call.round.state == "three" && !name.is_null() && !greeting.is_null() && !answer_to(responses, "client_roots").is_null())
        return quell::mcp_text(text_of(greeting) + " " + typed(name, "name"));
    return ask({{"user_name", ask_for("What is your name?", "name")},
                {"greeting", sample("Generate a greeting", 50)},
                {"client_roots", list_roots()}},
               "three");
}

Result<McpReply> ask_in_turn(Call&, const McpToolCall& call) {
    const json state = quell::parse_document(call.round.state.value_or("{}")).value_or(json::object());
    const json first = answer_to(call.round.input_responses, "step1");
    if (state.value("step", 0) == 1 && !first.is_null()) {
        const json next = {{"step", 2}, {"name", typed(first, "name")}};
        return ask({{"step2", ask_for("Step 2: What is your favorite color?", "color")}}, next.dump());
    }
    const json second = answer_to(call.round.input_responses, "step2");
    if (state.value("step", 0) == 2 && !second.is_null())
        return quell::mcp_text(state.value("name", "") + " likes " + typed(second, "color"));
    return ask({{"step1", ask_for("Step 1: What is your name?", "name")}}, R"({"step":1})");
}

Result<McpReply> ask_what_can_be_asked(Call&, const McpToolCall& call) {
    if (call.round.input_responses)
        return quell::mcp_text("Done.");
    const json capabilities = json::parse(call.round.client_capabilities);
    json requests = json::object();
    if (capabilities.contains("sampling"))
        requests["sample"] = sample("Say something");
    if (capabilities.contains("elicitation"))
        requests["form"] = ask_for("What is your name?", "name");
    return requests.empty() ? quell::mcp_text("Nothing can be asked of this client.") : ask(requests);
}

// Progress first, so that the answer is a stream; then the question, in the form that the client's era has.
Result<McpReply> stream_a_question(Call& call, const McpToolCall& request) {
    call.mcp().progress(1, 2);
    if (!answer_to(request.round.input_responses, "name").is_null())
        return quell::mcp_text("Thank you.");
    return ask({{"name", ask_for("What is your name?", "name")}});
}

}  // namespace

std::vector<Tool> asking_tools() {
    const std::string prompt = R"({"type":"object","properties":{"prompt":{"type":"string"}},"required":["prompt"]})";
    const std::string message = R"({"type":"object","properties":{"message":{"type":"string"}},"required":["message"]})";
    const auto hello = [](const json& answer) { return "Hello, " + typed(answer, "name") + "!"; };
    const auto ok = [](const json&) { return std::string("state-ok"); };
    const auto roots = [](const json& answer) { return answer.dump(); };
    const json name = ask_for("What is your name?", "name"), confirm = ask_for("Please confirm", "ok", "boolean");
    std::vector<Tool> tools;
    tools.push_back(tool("test_sampling", "Asks the client's model", sample_prompt, prompt));
    tools.push_back(tool("test_elicitation", "Asks the client's user", elicit_message, message));
    tools.push_back(tool("test_elicitation_sep1034_defaults", "A form with defaults", one_question("form", form("Please check", default_fields(), json::array()), describe)));
    tools.push_back(tool("test_elicitation_sep1330_enums", "A form with choices", one_question("form", form("Please choose", enum_fields(), json::array()), describe)));
    tools.push_back(tool("test_input_required_result_elicitation", "Asks for a name", one_question("user_name", name, hello)));
    tools.push_back(tool("test_input_required_result_sampling", "Asks the client's model", one_question("capital_question", sample("What is the capital of France?"), text_of)));
    tools.push_back(tool("test_input_required_result_list_roots", "Asks for the roots", one_question("client_roots", list_roots(), roots)));
    tools.push_back(tool("test_input_required_result_request_state", "Keeps a state", one_question("confirm", confirm, ok, "kept")));
    tools.push_back(tool("test_input_required_result_tampered_state", "Keeps a state", one_question("confirm", confirm, ok, "kept")));
    tools.push_back(tool("test_input_required_result_multiple_inputs", "Asks three things at once", ask_three_ways));
    tools.push_back(tool("test_input_required_result_multi_round", "Asks twice", ask_in_turn));
    tools.push_back(tool("test_input_required_result_capabilities", "Asks what the client can answer", ask_what_can_be_asked));
    tools.push_back(tool("test_streaming_elicitation", "Asks within a stream", stream_a_question));
    tools.push_back(tool("test_missing_capability", "Needs a client with a model", [](Call&, const McpToolCall&) -> Result<McpReply> { return quell::mcp_text("Served."); }));
    tools.back().offer.required_client_capabilities = R"({"sampling":{}})";
    return tools;
}

}  // namespace fixtures
