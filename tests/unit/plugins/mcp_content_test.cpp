// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// mcp_content/1 in both isolation modes, with the plugin mcp-fixtures.

#include "plugins/mcp_content.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <optional>

#include "json/parse.hpp"
#include "json/serialize.hpp"
#include "plugins/plugin_host.hpp"

namespace quell::plugins::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

template <class T>
Result<T> run(base::Task<T> task) {
    boost::asio::io_context io(1);
    std::optional<Result<T>> outcome;
    boost::asio::co_spawn(io.get_executor(), std::move(task),
                          [&](std::exception_ptr, Result<T> result) { outcome = std::move(result); });
    io.run();
    return std::move(*outcome);
}

class McpContent : public testing::TestWithParam<config::Isolation> {
  protected:
    void SetUp() override { host_.start(); }

    ContentOffer offer() { return run(list_content(host_.connector(), {})).value(); }

    Result<ContentReply> call(const std::string& tool, json::Object more = {}, CallOptions options = {}) {
        json::Object request = {{"name", tool},
                                {"arguments", json::Object()},
                                {"client_capabilities", json::Object()},
                                {"task_allowed", false}};
        for (const auto& [name, value] : more) {
            request[name] = value;
        }
        options.read_only = false;
        return run(call_content(host_.connector(), "call_tool", json::serialize(request), std::move(options)));
    }

    PluginHost host_{"mcp-fixtures", GetParam()};
};

const ContentTool* find(const ContentOffer& offer, std::string_view name) {
    const auto found = std::find_if(offer.tools.begin(), offer.tools.end(), [&](const auto& tool) { return tool.name == name; });
    return found == offer.tools.end() ? nullptr : &*found;
}

TEST_P(McpContent, ListsDefinitionsByteForByte) {
    const ContentOffer offered = offer();

    const ContentTool* tool = find(offered, "json_schema_2020_12_tool");
    ASSERT_NE(tool, nullptr);
    EXPECT_THAT(tool->definition, HasSubstr(R"("$schema":"https://json-schema.org/draft/2020-12/schema", "type":"object")"));
    EXPECT_THAT(tool->definition, HasSubstr(R"("minimum":1.0)"));
    EXPECT_FALSE(tool->arguments.accepts(json::parse(R"({"phone":"1","more":1})").value()));
    EXPECT_TRUE(tool->arguments.accepts(json::parse(R"({"contactMethod":"phone","phone":"1"})").value()));
    EXPECT_THAT(offered.refused, IsEmpty());
    EXPECT_EQ(find(offered, "slow_compute")->task_support, TaskSupport::optional);
    EXPECT_TRUE(find(offered, "test_missing_capability")->required_capabilities.contains("sampling"));
    EXPECT_EQ(offered.resources.size(), 3U);
    EXPECT_EQ(offered.templates.front().name, "test://template/{id}/data");
    EXPECT_EQ(offered.prompts.front().name, "test_simple_prompt");
}

TEST_P(McpContent, GivesResultsAsTheyWereWritten) {
    const auto text = call("test_simple_text");
    ASSERT_TRUE(text) << text.error()->message << text.error()->detail;
    EXPECT_EQ(text->kind, ContentReply::Kind::result);
    EXPECT_EQ(text->text, R"({"content":[{"type":"text","text":"This is a simple text response for testing."}]})");
    EXPECT_EQ(key_of(call("no_such_tool")), "plugin_error");
}

TEST_P(McpContent, AsksAndGoesOnWithItsStateAndTheAnswers) {
    const auto asked = call("test_input_required_result_request_state");
    ASSERT_TRUE(asked);
    ASSERT_EQ(asked->kind, ContentReply::Kind::input_required);
    EXPECT_EQ(asked->state, "kept");
    EXPECT_THAT(asked->text, HasSubstr("elicitation/create"));

    const json::Value answers = json::parse(R"({"confirm":{"action":"accept","content":{"ok":true}}})").value();
    const auto done = call("test_input_required_result_request_state", {{"state", "kept"}, {"input_responses", answers}});
    EXPECT_THAT(done->text, HasSubstr("state-ok"));
    EXPECT_EQ(call("test_input_required_result_request_state", {{"input_responses", answers}})->kind,
              ContentReply::Kind::input_required);
}

TEST_P(McpContent, WorksOnBehindAContinuation) {
    const auto begun = call("failing_job", {{"task_allowed", true}});
    ASSERT_TRUE(begun);
    ASSERT_EQ(begun->kind, ContentReply::Kind::task);
    EXPECT_EQ(begun->ttl, Millis(3'600'000));

    json::Value query = {{"continuation", R"({"job":"protocol_error"})"}, {"client_capabilities", json::Object()}};
    const auto ended = run(call_content(host_.connector(), "continue_task", json::serialize(query), {}));
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->kind, ContentReply::Kind::error);
    EXPECT_EQ(ended->error_code, -32603);
    EXPECT_TRUE(run(cancel_content_task(host_.connector(), begun->continuation, {})));
}

TEST_P(McpContent, TellsProgressOfACallToItsCaller) {
    std::mutex mutex;
    std::vector<std::string> events;
    CallOptions options;
    options.on_event = [&](const McpEvent& event) {
        const std::lock_guard lock(mutex);
        events.push_back(event.document);
    };
    ASSERT_TRUE(call("test_tool_with_progress", {}, options));
    EXPECT_THAT(events, ElementsAre(R"({"kind":"progress","progress":0,"total":100})",
                                    R"({"kind":"progress","progress":50,"total":100})",
                                    R"({"kind":"progress","progress":100,"total":100})"));
}

TEST_P(McpContent, TellsChangesOfItsListToTheHost) {
    const std::size_t before = offer().tools.size();
    ASSERT_TRUE(call("test_trigger_tool_change"));
    EXPECT_EQ(offer().tools.size(), before + 1);
    EXPECT_THAT(host_.changes(), ElementsAre("acme main tools_changed"));
}

TEST_P(McpContent, ReadsResourcesPromptsAndCompletions) {
    json::Value resource = {{"uri", "test://template/7/data"}, {"client_capabilities", json::Object()}};
    EXPECT_THAT(run(call_content(host_.connector(), "read_resource", json::serialize(resource), {}))->text, HasSubstr("Data for ID: 7"));

    json::Value missing = {{"uri", "test://nothing"}, {"client_capabilities", json::Object()}};
    const auto refused = run(call_content(host_.connector(), "read_resource", json::serialize(missing), {}));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error()->code, Code::not_found);

    json::Value prompt = {{"name", "test_simple_prompt"}, {"arguments", json::Object()}, {"client_capabilities", json::Object()}};
    EXPECT_THAT(run(call_content(host_.connector(), "get_prompt", json::serialize(prompt), {}))->text, HasSubstr("messages"));

    json::Value query = {{"ref", {{"type", "ref/prompt"}, {"name", "test_prompt_with_arguments"}}},
                         {"argument", {{"name", "arg1"}, {"value", "a"}}}};
    EXPECT_EQ(run(complete_content(host_.connector(), json::serialize(query), {})).value(),
              R"({"hasMore":false,"total":2,"values":["a-one","a-two"]})");
}

INSTANTIATE_TEST_SUITE_P(Isolation, McpContent,
                         testing::Values(config::Isolation::process, config::Isolation::in_process),
                         [](const auto& mode) { return std::string(config::to_string(mode.param)); });

}  // namespace
}  // namespace quell::plugins::test
