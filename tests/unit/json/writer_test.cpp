// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/writer.hpp"

#include <gmock/gmock.h>

#include "json/parse.hpp"
#include "json/serialize.hpp"

namespace quell::json {
namespace {

TEST(Writer, SeparatesMembersAndElementsAtEveryLevel) {
    std::string text;
    Writer out(text);

    out.begin_object();
    out.member("name", "x");
    out.key("list");
    out.begin_array();
    out.value(true);
    out.begin_object();
    out.end_object();
    out.value(std::int64_t{-7});
    out.raw("[1]");
    out.end_array();
    out.member("none", std::optional<std::string>());
    out.member("some", std::optional<bool>(false));
    out.end_object();

    EXPECT_EQ(text, R"({"name":"x","list":[true,{},-7,[1]],"none":null,"some":false})");
}

TEST(Writer, GoesOnAtTheEndOfAText) {
    std::string text = R"({"result":)";
    Writer out(text);

    out.begin_object();
    out.end_object();

    EXPECT_EQ(text, R"({"result":{})");
}

TEST(Writer, EscapesEveryCharacterAsSerializingDoes) {
    std::string all;
    for (int c = 0; c < 0x80; ++c) {
        all += static_cast<char>(c);
    }
    all += "\u00e9\u2028\U0001F512";
    std::string text;

    Writer(text).value(all);

    EXPECT_EQ(text, json::serialize(Value(all)));
}

TEST(Writer, EscapesCharactersThatFollowEachOther) {
    std::string text;

    Writer(text).value("\"\"\\[{:");

    EXPECT_EQ(text, R"("\"\"\\[{:")");
}

TEST(Writer, WritesValuesAsSerializingDoes) {
    for (const std::string_view given :
         {"null", "true", "-12", "18446744073709551615", "1.5E0", R"("a\"b")", "[1,[2]]", R"({"a":{"b":[]}})"}) {
        std::string text;

        Writer(text).value(parse(given).value());

        EXPECT_EQ(text, given);
    }
}

TEST(AppendQuoted, IsReadBackAsTheTextThatWasGiven) {
    const std::string document = R"({"a":"\"x\\","b":["\u0001",""]})";
    std::string text = "before";

    append_quoted(text, document);

    EXPECT_EQ(text.substr(0, 6), "before");
    EXPECT_EQ(parse(text.substr(6)).value().as_string(), document);
}

}  // namespace
}  // namespace quell::json
