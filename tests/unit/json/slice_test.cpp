// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/slice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quell::json {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Slice, GivesAMembersBytesAsTheyWereWritten) {
    constexpr std::string_view text = R"( {"a" : 1.0 , "b":{"a":[1, "}"], "c" : "\"]"} ,"d":true} )";

    EXPECT_EQ(member_text(text, "a"), "1.0");
    EXPECT_EQ(member_text(text, "b"), R"({"a":[1, "}"], "c" : "\"]"})");
    EXPECT_EQ(member_text(text, "d"), "true");
    EXPECT_EQ(member_text(text, "c"), std::nullopt);
}

TEST(Slice, FindsNoMemberWhoseNameIsWrittenWithEscapes) {
    EXPECT_EQ(member_text(R"({"\u0061":1})", "a"), std::nullopt);
    EXPECT_EQ(member_text(R"({"\\":1,"a":2})", "a"), "2");
}

TEST(Slice, GivesTheElementsOfAnArray) {
    EXPECT_THAT(element_texts(R"([ 1e5 , {"x":[]} ,"a,b", null])"), ElementsAre("1e5", R"({"x":[]})", R"("a,b")", "null"));
    EXPECT_THAT(element_texts(" [ ] "), IsEmpty());
    EXPECT_THAT(element_texts("{}"), IsEmpty());
}

TEST(Slice, EndsOnTextsThatAreNoJson) {
    for (const std::string_view text : {"", "{", "[", "{\"a\"", "{\"a\":", "[\"\\", "{\"a\":[1", "[,", "{:", "]", "[}"}) {
        static_cast<void>(member_text(text, "a"));
        static_cast<void>(element_texts(text));
    }
}

}  // namespace
}  // namespace quell::json
