// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// Work that outlives its call. All that is to know about it stands in the continuation.

#include "fixtures.hpp"

namespace fixtures {
namespace {

using nlohmann::json;
using quell::Call;
using quell::McpReply;
using quell::McpTaskQuery;
using quell::McpToolCall;
using quell::Result;
using std::chrono::milliseconds;

std::int64_t unix_ms(quell::Time time) { return time.time_since_epoch().count(); }

McpReply later(const json& continuation, milliseconds poll_after = milliseconds{100}) {
    return quell::mcp_task(continuation.dump(), poll_after, "The work goes on.");
}

json confirm(const std::string& message) {
    return {{"method", "elicitation/create"},
            {"params",
             {{"message", message},
              {"requestedSchema", {{"type", "object"}, {"properties", {{"confirm", {{"type", "boolean"}}}}}}}}}};
}

Result<McpReply> greet(Call&, const McpToolCall& call) {
    return quell::mcp_text("Hello, " + json::parse(call.arguments).value("name", "") + "!");
}

std::string computed(const std::string& label) { return "Computed " + label + "."; }

Result<McpReply> compute(Call& call, const McpToolCall& request) {
    const json arguments = json::parse(request.arguments);
    const auto seconds = std::chrono::seconds{arguments.value("seconds", std::int64_t{0})};
    const std::string label = arguments.value("label", "");
    if (request.task_allowed)
        return later({{"job", "compute"}, {"until", unix_ms(call.clock().now() + seconds)}, {"label", label}});
    if (const auto slept = call.clock().sleep(seconds); !slept)
        return slept.error();
    return quell::mcp_text(computed(label));
}

auto begin(json continuation, milliseconds lasting = milliseconds{0}) {
    return [=](Call& call, const McpToolCall& request) -> Result<McpReply> {
        json begun = continuation;
        begun["until"] = unix_ms(call.clock().now() + lasting);
        begun["arguments"] = json::parse(request.arguments);
        return later(begun);
    };
}

// First a question, then a task that knows the answer.
Result<McpReply> ask_then_work(Call&, const McpToolCall& call) {
    const json answer = answer_to(call.round.input_responses, "user_name");
    if (!answer.is_null())
        return later({{"job", "compute"}, {"until", 0}, {"label", typed(answer, "name")}});
    json question = confirm("What is your name?");
    question["params"]["requestedSchema"]["properties"] = {{"name", {{"type", "string"}}}};
    return quell::mcp_input_required(json{{"user_name", question}}.dump(), "asked");
}

Result<McpReply> finish_questions(const McpTaskQuery& query, json work, const json& requests) {
    for (const auto& [key, request] : requests.items()) {
        if (answer_to(query.input_responses, key).is_null())
            return quell::mcp_input_required(requests.dump(), work.dump());
    }
    return quell::mcp_text("All is answered: " + *query.input_responses);
}

}  // namespace

Result<McpReply> continue_task(const McpTaskQuery& query, quell::Time now) {
    const json work = json::parse(query.continuation);
    const std::string job = work.value("job", "");
    if (job == "confirm")
        return finish_questions(query, work, {{"confirm", confirm("Delete the file?")}});
    if (job == "multi")
        return finish_questions(query, work, {{"first", confirm("First?")}, {"second", confirm("Second?")}});
    if (unix_ms(now) < work.value("until", std::int64_t{0}))
        return later(work);
    if (job == "fail")
        return quell::mcp_text("The job failed, as it always does.", true);
    if (job == "protocol_error")
        return quell::mcp_error(-32603, "The job broke down.");
    return quell::mcp_text(computed(work.value("label", "")));
}

std::vector<Tool> task_tools() {
    using quell::TaskSupport;
    std::vector<Tool> tools;
    const auto add = [&tools](Tool made, TaskSupport support) {
        made.offer.task_support = support;
        tools.push_back(std::move(made));
    };
    add(tool("greet", "Says hello", greet, R"({"type":"object","properties":{"name":{"type":"string"}}})"), TaskSupport::forbidden);
    add(tool("slow_compute", "Takes its time", compute,
             R"({"type":"object","properties":{"seconds":{"type":"integer","minimum":0,"maximum":3600},"label":{"type":"string"}}})"),
        TaskSupport::optional);
    add(tool("failing_job", "Ends with a refusal", begin({{"job", "fail"}}, milliseconds{1000})), TaskSupport::required);
    add(tool("protocol_error_job", "Ends with a protocol error", begin({{"job", "protocol_error"}})), TaskSupport::required);
    add(tool("confirm_delete", "Asks while it works", begin({{"job", "confirm"}}),
             R"({"type":"object","properties":{"filename":{"type":"string"}}})"),
        TaskSupport::required);
    add(tool("multi_input", "Asks two things while it works", begin({{"job", "multi"}})), TaskSupport::required);
    add(tool("test_tool_with_task", "Asks, then works", ask_then_work), TaskSupport::required);
    return tools;
}

}  // namespace fixtures
