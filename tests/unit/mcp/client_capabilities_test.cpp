// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/client_capabilities.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "json/serialize.hpp"

namespace quell::mcp {
namespace {

json::Object object(std::string_view text) { return json::parse(text).value().get_object(); }

std::string missing(const std::optional<json::Object>& found) { return found ? json::serialize(*found) : "nothing"; }

std::string missing_for_question(std::string_view method, std::string_view params, std::string_view declared) {
    const json::Object given = object(params);
    return missing(missing_for(method, &given, object(declared)));
}

// MC-12
TEST(ClientCapabilities, AreMissingWhereTheyWereNotDeclared) {
    EXPECT_EQ(missing(missing_of(object(R"({"sampling":{}})"), object("{}"))), R"({"sampling":{}})");
    EXPECT_EQ(missing(missing_of(object(R"({"sampling":{"tools":{}}})"), object(R"({"sampling":{}})"))), R"({"sampling":{"tools":{}}})");
    EXPECT_EQ(missing(missing_of(object(R"({"sampling":{}})"), object(R"({"sampling":{"tools":{}}})"))), "nothing");
    EXPECT_EQ(missing(missing_of(object(R"({"sampling":{}})"), object(R"({"sampling":true})"))), R"({"sampling":{}})");
}

TEST(ClientCapabilities, DecideWhatMayBeAsked) {
    EXPECT_EQ(missing_for_question("sampling/createMessage", "{}", R"({"sampling":{}})"), "nothing");
    EXPECT_EQ(missing_for_question("roots/list", "{}", "{}"), R"({"roots":{}})");
    EXPECT_EQ(missing_for_question("elicitation/create", "{}", R"({"elicitation":{}})"), "nothing");
    EXPECT_EQ(missing_for_question("elicitation/create", "{}", R"({"elicitation":{"url":{}}})"), R"({"elicitation":{"form":{}}})");
    EXPECT_EQ(missing_for_question("elicitation/create", R"({"mode":"url"})", R"({"elicitation":{}})"), R"({"elicitation":{"url":{}}})");
    EXPECT_EQ(missing_for_question("elicitation/create", R"({"mode":"url"})", R"({"elicitation":{"url":{}}})"), "nothing");
    EXPECT_EQ(missing_for_question("elicitation/create", "{}", "{}"), R"({"elicitation":{"form":{}}})");
}

TEST(ClientCapabilities, DeclareTheTasksExtension) {
    EXPECT_TRUE(declares_tasks(object(R"({"extensions":{"io.modelcontextprotocol/tasks":{}}})")));
    EXPECT_FALSE(declares_tasks(object(R"({"extensions":{}})")));
    EXPECT_FALSE(declares_tasks(object(R"({"tasks":{}})")));
}

}  // namespace
}  // namespace quell::mcp
