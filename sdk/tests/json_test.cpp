// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gtest/gtest.h>

#include <quell/json.hpp>
#include <string>

namespace quell {
namespace {

// HT-03
TEST(ParseDocument, RefusesANameTwiceInAnObject) {
    EXPECT_FALSE(parse_document(R"({"a":1,"a":2})"));
    EXPECT_FALSE(parse_document(R"([{"b":{"a":1,"c":2,"a":3}}])"));
    EXPECT_FALSE(parse_document(R"({"a":1,"\u0061":2})"));
    EXPECT_TRUE(parse_document(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})"));
}

TEST(ParseDocument, RefusesWhatIsNotOneDocument) {
    for (const std::string text : {"", " ", "{", "[1,]", "{} {}", "nul", "'a'", "{a:1}", "\"\\x\""})
        EXPECT_FALSE(parse_document(text)) << text;
}

TEST(ParseDocument, RefusesTextThatIsNotUtf8) {
    EXPECT_FALSE(parse_document("\"\xff\""));
    EXPECT_FALSE(parse_document("\"\xc0\xaf\""));
    EXPECT_FALSE(parse_document(R"("\ud800")"));
    EXPECT_FALSE(parse_document("\xEF\xBB\xBF{}"));
    EXPECT_FALSE(parse_document(std::string_view("{}\0", 3)));
    EXPECT_TRUE(parse_document(R"("é \ud83d\ude00")"));
}

TEST(ParseDocument, RefusesNumbersOutOfRange) {
    EXPECT_FALSE(parse_document("1e999"));
}

TEST(ParseDocument, KeepsItsLimits) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_TRUE(parse_document(nested(32)));
    EXPECT_FALSE(parse_document(nested(34)));
    EXPECT_FALSE(parse_document(nested(1'000'000)));
    EXPECT_FALSE(parse_document(std::string(1'000'000, '[')));
    EXPECT_FALSE(parse_document("[1,2,3]", {.bytes = 6}));
    EXPECT_FALSE(parse_document("[1,2,3]", {.values = 3}));
}

TEST(JsonReads, AnswerNothingForAnotherType) {
    const auto document = *parse_document(R"({"s":"x","i":7,"f":1.5,"big":18446744073709551615,
                                              "a":[1],"n":null,"o":{"p":{"q":1}}})");

    EXPECT_EQ(string_member(document, "s"), "x");
    EXPECT_FALSE(string_member(document, "i"));
    EXPECT_FALSE(string_member(document, "n"));
    EXPECT_EQ(integer_member(document, "i"), 7);
    EXPECT_FALSE(integer_member(document, "f"));
    EXPECT_FALSE(integer_member(document, "big"));
    EXPECT_EQ(array_member(document, "o"), nullptr);
    EXPECT_NE(find_path(document, {"o", "p", "q"}), nullptr);
    EXPECT_EQ(find_path(document, {"s", "p"}), nullptr);
    EXPECT_EQ(find_member(nlohmann::json::array(), "x"), nullptr);
}

TEST(ToText, RepairsBadUtf8) {
    EXPECT_EQ(to_text("a\xff"), "\"a\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace quell
