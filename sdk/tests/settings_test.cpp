// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gtest/gtest.h>

#include <quell/detail/documents.hpp>
#include <string>
#include <vector>

namespace quell {
namespace {

Settings some() {
    return *detail::parse_settings(
        R"({"url":"https://x","version":4,"on":true,"ids":["a","b"],"proxy":{"url":"https://p"}})");
}

TEST(Settings, GiveEachTypeByName) {
    EXPECT_EQ(*some().string("url"), "https://x");
    EXPECT_EQ(*some().integer("version"), 4);
    EXPECT_EQ(*some().boolean("on"), true);
    EXPECT_EQ(*some().strings("ids"), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(*some().string("proxy.url"), "https://p");
}

TEST(Settings, NameTheOneThatIsMissingOrWrong) {
    EXPECT_NE(some().string("nope").error().message.find("`nope`"), std::string::npos);
    EXPECT_EQ(some().integer("url").error().status, Status::invalid_argument);
    EXPECT_FALSE(some().string_or("version", "x"));
}

TEST(Settings, TakeAFallbackForWhatIsAbsent) {
    EXPECT_EQ(*some().string_or("nope", "x"), "x");
    EXPECT_EQ(*some().integer_or("nope", 3), 3);
    EXPECT_EQ(*some().boolean_or("nope", true), true);
    EXPECT_EQ(*some().boolean_or("on", false), true);
}

TEST(Settings, RefuseWhatIsNotAnObject) {
    EXPECT_FALSE(detail::parse_settings("[]"));
    EXPECT_FALSE(detail::parse_settings("{"));
}

}  // namespace
}  // namespace quell
