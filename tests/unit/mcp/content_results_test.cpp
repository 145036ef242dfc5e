// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/content_results.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "json/serialize.hpp"

namespace quell::mcp {
namespace {

std::string complete(std::string_view document, std::string_view more = {}) {
    return complete_result(Era::stateless, document, R"({"name":"quell"})", more);
}

TEST(ContentResults, AddWhatTheNewerEraWantsAndChangeNoOtherByte) {
    EXPECT_EQ(complete(R"({ "content" : [1.0] })"),
              R"({"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"quell"}}, "content" : [1.0] })");
    EXPECT_EQ(complete("{}", R"(,"ttlMs":0)"),
              R"({"resultType":"complete","ttlMs":0,"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"quell"}}})");
}

TEST(ContentResults, JoinThePluginsOwnMeta) {
    for (const std::string_view document : {R"({"content":[],"_meta":{"a":"}"}})", R"({"_meta":{},"content":[]})", R"({"_meta":{ }})"}) {
        const auto result = json::parse(complete(document));
        ASSERT_TRUE(result) << complete(document);
        EXPECT_TRUE(result->at("_meta").get_object().contains("io.modelcontextprotocol/serverInfo"));
    }
    EXPECT_EQ(complete(R"({"_meta":{"a":1}})"),
              R"({"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"quell"},"a":1}})");
}

TEST(ContentResults, LeaveTheDocumentAsItIsInTheOlderEra) {
    EXPECT_EQ(complete_result(Era::sessions, R"({ "a": 1.0 })", "{}"), R"({ "a": 1.0 })");
}

TEST(ContentResults, TellAnErrorForTheModelToRead) {
    const auto result = json::parse(error_tool_result(Error(Code::not_found, "plugin_error", "Not \"there\".")));
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->at("isError").get_bool());
    const auto told = json::parse(json::text(result->at("content").at(0).at("text")));
    EXPECT_EQ(json::text(told->at("error").at("message")), "Not \"there\".");
}

}  // namespace
}  // namespace quell::mcp
