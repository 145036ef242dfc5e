// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/parse.hpp"

#include <gmock/gmock.h>

#include <string>

#include "json/serialize.hpp"

namespace quell::json {
namespace {

using ::testing::HasSubstr;

std::string refusal(std::string_view text, const Limits& limits = {}) {
    const auto parsed = parse(text, limits);
    if (parsed)
        return "accepted";
    EXPECT_EQ(parsed.error()->key, "invalid_arguments");
    return parsed.error()->message;
}

std::string nested(std::size_t depth, char open, char close) {
    return std::string(depth, open) + std::string(depth, close);
}

std::string object_with_members(std::size_t count, const std::string& last) {
    std::string text = "{";
    for (std::size_t index = 0; index < count; ++index)
        text += "\"member" + std::to_string(index) + "\":0,";
    return text + "\"" + last + "\":0}";
}

TEST(Guard, KeepsEveryKindOfValue) {
    const auto parsed =
        parse(R"( {"a":[null,true,false,-1,18446744073709551615,1.5,"x\u00e9"],"b":{}} )");

    ASSERT_TRUE(parsed);
    EXPECT_EQ(json::serialize(*parsed),
              R"({"a":[null,true,false,-1,18446744073709551615,1.5E0,"xé"],"b":{}})");
}

TEST(Guard, MakesValuesInTheGivenArena) {
    std::array<unsigned char, 4096> bytes{};
    Arena arena(bytes.data(), bytes.size());

    const auto parsed =
        parse(R"({"name":"a string that is too long for any small buffer"})", {}, &arena);

    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->storage().get(), &arena);
    const auto* inside = reinterpret_cast<const unsigned char*>(text(parsed->at("name")).data());
    EXPECT_TRUE(inside >= bytes.data() && inside < bytes.data() + bytes.size());
}

// HT-02
TEST(Guard, RefusesDocumentsThatAreTooDeep) {
    EXPECT_TRUE(parse(nested(32, '[', ']')));
    EXPECT_THAT(refusal(nested(33, '[', ']')),
                HasSubstr("nested deeper than 32 levels at byte 32"));
    EXPECT_THAT(refusal(nested(100'000, '[', ']')), HasSubstr("nested deeper"));
    std::string objects;
    for (int level = 0; level < 100'000; ++level)
        objects += "{\"a\":";
    EXPECT_THAT(refusal(objects), HasSubstr("nested deeper"));
}

// HT-03
TEST(Guard, RefusesDuplicateKeys) {
    EXPECT_THAT(refusal(R"({"action":1,"action":2})"),
                HasSubstr("\"action\" appears twice at byte 13"));
    EXPECT_THAT(refusal(R"([{"b":{"a":1,"c":2,"a":3}}])"), HasSubstr("\"a\" appears twice"));
    EXPECT_THAT(refusal(R"({"":1,"":2})"), HasSubstr("appears twice"));
}

// HT-03
TEST(Guard, RefusesDuplicateKeysThatAreEscapedDifferently) {
    EXPECT_THAT(refusal(R"({"action":1,"\u0061ction":2})"), HasSubstr("\"action\" appears twice"));
    EXPECT_THAT(refusal(R"({"a\/b":1,"a/b":2})"), HasSubstr("appears twice"));
    EXPECT_THAT(refusal(R"({"\u0000":1,"\u0000":2})"), HasSubstr("appears twice"));
}

// HT-03
TEST(Guard, RefusesDuplicateKeysAmongMany) {
    EXPECT_TRUE(parse(object_with_members(5'000, "other")));
    EXPECT_THAT(refusal(object_with_members(5'000, "member17")),
                HasSubstr("\"member17\" appears twice"));
}

// HT-03
TEST(Guard, KeepsEscapedNamesUntilTheObjectEnds) {
    std::string text = "{";
    for (int index = 0; index < 200; ++index)
        text +=
            "\"\\u0061" + std::to_string(index) + "\":{\"\\u0062" + std::string(40, 'x') + "\":0},";
    EXPECT_TRUE(parse(text + "\"a200\":0}"));
    EXPECT_THAT(refusal(text + "\"a7\":0}"), HasSubstr("\"a7\" appears twice"));
}

TEST(Guard, AllowsOneNameInSeveralObjects) {
    EXPECT_TRUE(parse(R"({"a":{"a":{"a":1},"b":2},"b":[{"a":1},{"a":2}]})"));
    EXPECT_TRUE(parse(R"({"a\n":1,"a\t":2,"a":3})"));
}

TEST(Guard, CutsLongNamesInMessagesAtACharacter) {
    std::string name(63, 'x');
    name += "\u00e9tail";

    EXPECT_THAT(refusal("{\"" + name + "\":1,\"" + name + "\":2}"),
                HasSubstr(std::string(63, 'x') + "...\""));
}

// HT-04
TEST(Guard, RefusesNumbersOutOfRange) {
    EXPECT_THAT(refusal("1e999"), HasSubstr("a number out of range"));
    EXPECT_THAT(refusal("[-1e309]"), HasSubstr("a number out of range"));
    EXPECT_THAT(refusal("1e99999999999999999999"), HasSubstr("a number out of range"));
    EXPECT_THAT(refusal(std::string(400, '9')), HasSubstr("a number out of range"));
    EXPECT_THAT(refusal("1.7976931348623159e308"), HasSubstr("a number out of range"));
}

TEST(Guard, RoundsIntegersBeyond64BitsToDoubles) {
    const auto parsed = parse("[18446744073709551616,-9223372036854775809,1e-999]");

    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->at(0).as_double(), 18446744073709551616.0);
    EXPECT_EQ(parsed->at(1).as_double(), -9223372036854775808.0);
    EXPECT_EQ(parsed->at(2).as_double(), 0.0);
}

TEST(Guard, ReadsDoublesExactly) {
    const auto parsed =
        parse("[999999999999999999999999999999999999999991,2.2250738585072011e-308,-0.1e1,5e-324]");

    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->at(0).as_double(), 999999999999999999999999999999999999999991.0);
    EXPECT_EQ(parsed->at(1).as_double(), 2.2250738585072011e-308);
    EXPECT_EQ(parsed->at(2).as_double(), -1.0);
    EXPECT_EQ(parsed->at(3).as_double(), 5e-324);
}

// HT-04
TEST(Guard, RefusesAByteOrderMark) {
    EXPECT_THAT(refusal("\xEF\xBB\xBF{}"), HasSubstr("a byte order mark at byte 0"));
    EXPECT_NE(refusal(std::string("\xFF\xFE{\0}\0", 6)), "accepted");
}

struct Malformed {
    const char* name;
    std::string_view text;
};

class GuardRefuses : public ::testing::TestWithParam<Malformed> {};

// HT-04
TEST_P(GuardRefuses, Text) {
    EXPECT_NE(refusal(GetParam().text), "accepted");
}

using namespace std::string_view_literals;
INSTANTIATE_TEST_SUITE_P(
    Malformed, GuardRefuses,
    ::testing::Values(
        Malformed{"LoneContinuation", "\"\x80\""}, Malformed{"Overlong", "\"\xC0\xAF\""},
        Malformed{"OverlongOfThree", "\"\xE0\x80\x80\""},
        Malformed{"RawSurrogate", "\"\xED\xA0\x80\""},
        Malformed{"BeyondUnicode", "\"\xF4\x90\x80\x80\""},
        Malformed{"CutCharacter", "\"\xE2\x82\""}, Malformed{"InvalidInKey", "{\"\xFF\":1}"},
        Malformed{"LeadingSurrogate", R"("\ud800")"}, Malformed{"LeadingThenText", R"("\ud800x")"},
        Malformed{"LeadingThenLeading", R"("\ud800\ud800")"},
        Malformed{"TrailingSurrogate", R"("\udc00")"},
        Malformed{"SurrogateInKey", R"({"\udfff":1})"}, Malformed{"Empty", ""},
        Malformed{"WhiteSpace", " \n"}, Malformed{"TwoDocuments", "{} {}"},
        Malformed{"TrailingByte", "{}x"}, Malformed{"TrailingNul", "{}\0"sv},
        Malformed{"TrailingComma", "[1,]"}, Malformed{"Comment", "[1/*x*/]"},
        Malformed{"NotANumber", "NaN"}, Malformed{"LeadingZero", "01"}, Malformed{"Plus", "+1"},
        Malformed{"RawControl", "\"a\nb\""}, Malformed{"NulInText", "\"a\0b\""sv},
        Malformed{"SingleQuotes", "{'a':1}"}, Malformed{"Unclosed", "{\"a\":1"},
        Malformed{"BadEscape", R"("\x41")"}, Malformed{"FormFeed", "\f{}"}),
    [](const auto& instance) { return instance.param.name; });

TEST(Guard, AcceptsSurrogatePairs) {
    const auto parsed = parse(R"("\ud83d\ude00")");

    ASSERT_TRUE(parsed);
    EXPECT_EQ(text(*parsed), "\U0001F600");
}

TEST(Guard, RefusesTooManyValues) {
    const Limits limits{.values = 4};
    EXPECT_TRUE(parse("[1,2,3]", limits));
    EXPECT_THAT(refusal("[1,2,3,4]", limits), HasSubstr("more than 4 values"));
    EXPECT_THAT(refusal("[[],{},null,true]", limits), HasSubstr("more than 4 values"));
}

TEST(Guard, RefusesTooManyBytes) {
    EXPECT_THAT(refusal("[1,2,3]", {.bytes = 6}), HasSubstr("more than 6 bytes"));
    EXPECT_TRUE(parse("[1,2,3]", {.bytes = 7}));
}

TEST(Guard, ReportsAnArenaThatIsFull) {
    std::array<unsigned char, 64> bytes{};
    boost::json::static_resource arena(bytes.data(), bytes.size());

    const auto parsed = parse(
        R"(["a string that does not fit into sixty-four bytes of storage at all"])", {}, &arena);

    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error()->code, Code::resource_exhausted);
}

}  // namespace
}  // namespace quell::json
