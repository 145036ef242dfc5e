// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "fixtures.hpp"

#include <algorithm>
#include <atomic>

namespace {

using quell::Call;
using quell::McpReply;
using quell::Result;

class Fixtures : public quell::McpContent {
  public:
    static Result<std::unique_ptr<Fixtures>> create(const quell::Settings& settings) {
        auto made = std::make_unique<Fixtures>();
        if (settings.has("clashing_name")) {
            QUELL_TRY(const std::string name, settings.string("clashing_name"));
            made->tools_.push_back(fixtures::tool(name, "One more", &Fixtures::say_ours));
        }
        return made;
    }

    Fixtures() {
        add(fixtures::plain_tools());
        add(fixtures::asking_tools());
        add(fixtures::task_tools());
        tools_.push_back(fixtures::tool("test_trigger_tool_change", "A tool comes or goes", [this](Call& call, const auto&) {
            has_more_tools_ = !has_more_tools_;
            call.mcp().tools_changed();
            return Result<McpReply>(quell::mcp_text("The tools have changed."));
        }));
        tools_.push_back(fixtures::tool("test_trigger_prompt_change", "A prompt comes or goes", [this](Call& call, const auto&) {
            has_more_prompts_ = !has_more_prompts_;
            call.mcp().prompts_changed();
            return Result<McpReply>(quell::mcp_text("The prompts have changed."));
        }));
        tools_.push_back(fixtures::tool("test_trigger_resource_change", "A resource changes", [](Call& call, const auto&) {
            call.mcp().resource_updated("test://watched-resource");
            call.mcp().resources_changed();
            return Result<McpReply>(quell::mcp_text("The resource has changed."));
        }));
        tools_.push_back(fixtures::tool("quote_request", "Tells what the host handed over", [](Call& call, const auto& request) {
            const nlohmann::json told = {{"arguments", nlohmann::json::parse(request.arguments)},
                                         {"read_only", call.is_read_only()},
                                         {"state", request.round.state.value_or("")}};
            return Result<McpReply>(quell::mcp_text(told.dump()));
        }));
    }

    Result<quell::McpOffer> list(Call&) override {
        quell::McpOffer offer;
        for (const fixtures::Tool& tool : tools_)
            offer.tools.push_back(tool.offer);
        if (has_more_tools_)
            offer.tools.push_back(more_.offer);
        offer.resources = fixtures::resources();
        offer.resource_templates = fixtures::resource_templates();
        offer.prompts = fixtures::prompts();
        if (has_more_prompts_)
            offer.prompts.push_back(R"({"name":"one_more","description":"It comes and goes"})");
        return offer;
    }

    Result<McpReply> call_tool(Call& call, const quell::McpToolCall& request) override {
        if (request.name == more_.name)
            return more_.run(call, request);
        const auto found = std::find_if(tools_.begin(), tools_.end(), [&](const auto& tool) { return tool.name == request.name; });
        if (found == tools_.end())
            return quell::not_found("There is no tool " + request.name + ".");
        return found->run(call, request);
    }
    Result<McpReply> read_resource(Call&, const quell::McpResourceRead& request) override {
        return fixtures::read_resource(request);
    }
    Result<McpReply> get_prompt(Call&, const quell::McpPromptGet& request) override { return fixtures::get_prompt(request); }
    Result<quell::McpCompletion> complete(Call&, const quell::McpCompletionQuery& query) override {
        if (query.target != "test_prompt_with_arguments")
            return quell::McpCompletion{};
        return quell::McpCompletion{{query.value + "-one", query.value + "-two"}, 2, false};
    }
    Result<McpReply> continue_task(Call& call, const quell::McpTaskQuery& query) override {
        return fixtures::continue_task(query, call.clock().now());
    }

  private:
    void add(std::vector<fixtures::Tool> tools) {
        std::move(tools.begin(), tools.end(), std::back_inserter(tools_));
    }
    static Result<McpReply> say_ours(Call&, const quell::McpToolCall&) { return quell::mcp_text("The plugin's."); }

    std::vector<fixtures::Tool> tools_;
    const fixtures::Tool more_ = fixtures::tool("one_more", "It comes and goes", &Fixtures::say_ours);
    std::atomic<bool> has_more_tools_ = false;
    std::atomic<bool> has_more_prompts_ = false;
};

}  // namespace

QUELL_EXPORT_PLUGIN(Fixtures)
