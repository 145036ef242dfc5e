// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include <string>

#include "json/equality.hpp"
#include "json/error_document.hpp"
#include "json/nearest.hpp"
#include "json/parse.hpp"
#include "json/pattern.hpp"
#include "json/pointer.hpp"
#include "json/read.hpp"
#include "json/serialize.hpp"

namespace quell::json {
namespace {

Value parsed(std::string_view text) {
    return parse(text).value();
}

TEST(Serialize, WritesLongDocumentsWhole) {
    const std::string long_text(20'000, 'x');
    const Value value{{"a", long_text}};

    EXPECT_EQ(json::serialize(value), "{\"a\":\"" + long_text + "\"}");
}

TEST(Canonical, SortsMembersAtEveryLevel) {
    const Value value = parsed(R"({"b":[{"z":1,"a":"\u00e9\n"}],"a":{"d":null,"c":true}})");

    EXPECT_EQ(canonical(value),
              "{\"a\":{\"c\":true,\"d\":null},\"b\":[{\"a\":\"\u00e9\\n\",\"z\":1}]}");
}

TEST(Canonical, WritesEqualNumbersAlike) {
    EXPECT_EQ(canonical(parsed("[1,1.0,1e0,-0.0,1.5,-3e2,9223372036854775808.0]")),
              "[1,1,1,0,1.5E0,-300,9223372036854775808]");
}

TEST(Equality, ComparesNumbersByValue) {
    EXPECT_TRUE(equal(parsed("1"), parsed("1.0")));
    EXPECT_TRUE(equal(parsed("9223372036854775808"), parsed("9223372036854775808.0")));
    EXPECT_FALSE(equal(parsed("9007199254740993"), parsed("9007199254740992.0")));
    EXPECT_FALSE(equal(parsed("0"), parsed("false")));
    EXPECT_FALSE(equal(parsed("1"), parsed("\"1\"")));
}

TEST(Equality, OrdersNumbersOfAllKinds) {
    const std::array<Value, 9> ascending = {parsed("-1e300"),
                                            parsed("-9223372036854775808"),
                                            parsed("-1.5"),
                                            parsed("-1"),
                                            parsed("0.5"),
                                            parsed("1"),
                                            parsed("9223372036854775807"),
                                            parsed("18446744073709551615"),
                                            parsed("1e300")};

    for (std::size_t a = 0; a < ascending.size(); ++a) {
        for (std::size_t b = 0; b < ascending.size(); ++b)
            EXPECT_TRUE(compare_numbers(ascending[a], ascending[b]) == (a <=> b)) << a << " " << b;
    }
}

TEST(Equality, IgnoresTheOrderOfMembersOnly) {
    EXPECT_TRUE(equal(parsed(R"({"a":1,"b":[2]})"), parsed(R"({"b":[2.0],"a":1})")));
    EXPECT_FALSE(equal(parsed(R"({"a":1})"), parsed(R"({"a":1,"b":2})")));
    EXPECT_FALSE(equal(parsed("[1,2]"), parsed("[2,1]")));
}

TEST(ErrorDocument, HasEveryMember) {
    const Error error(Code::not_found, "device_not_found", "No device has this hostname.");

    EXPECT_EQ(
        json::serialize(error_document(error)),
        R"({"error":{"key":"device_not_found","message":"No device has this hostname.","allowed":[],)"
        R"("candidates":[],"next_step":null,"retryable":false,"retry_after_seconds":null}})");
}

TEST(ErrorDocument, KeepsTheDetailBack) {
    const Error error = Error(Code::unavailable, "rate_limited", "Too many calls.")
                            .allowed({"a", "b"})
                            .candidates({{{"hostname", "x"}, {"serial_number", "y"}}})
                            .next_step("Wait.")
                            .retryable(0)
                            .detail("token=abc");

    EXPECT_EQ(
        json::serialize(error_document(error)),
        R"({"error":{"key":"rate_limited","message":"Too many calls.","allowed":["a","b"],)"
        R"("candidates":[{"hostname":"x","serial_number":"y"}],"next_step":"Wait.","retryable":true,)"
        R"("retry_after_seconds":0}})");
}

TEST(Read, TakesMembersByType) {
    const Value document = parsed(R"({"s":"x","i":-5,"b":true,"o":{},"a":[],"n":null,"d":2.0})");
    const Object& object = document.get_object();

    EXPECT_EQ(string_member(object, "s").value(), "x");
    EXPECT_EQ(integer_member(object, "i").value(), -5);
    EXPECT_EQ(integer_member(object, "d").value(), 2);
    EXPECT_TRUE(bool_member(object, "b").value());
    EXPECT_TRUE(object_member(object, "o"));
    EXPECT_TRUE(array_member(object, "a"));
    EXPECT_EQ(optional_string(object, "n").value(), std::nullopt);
    EXPECT_EQ(optional_integer(object, "missing").value(), std::nullopt);
    EXPECT_EQ(optional_object(object, "n").value(), nullptr);
    EXPECT_EQ(optional_bool(object, "b").value(), true);
    EXPECT_NE(optional_array(object, "a").value(), nullptr);
}

TEST(Read, NamesTheMemberThatIsWrong) {
    const Value document = parsed(R"({"s":5,"i":1.5,"n":null})");
    const Object& object = document.get_object();

    EXPECT_EQ(string_member(object, "s").error()->message, "`s` must be a string.");
    EXPECT_EQ(integer_member(object, "i").error()->message,
              "`i` must be an integer of at most 64 bits.");
    EXPECT_EQ(string_member(object, "n").error()->message, "`n` must be a string.");
    EXPECT_EQ(bool_member(object, "gone").error()->message, "`gone` is missing.");
    EXPECT_FALSE(optional_string(object, "s"));
}

TEST(Pointer, ResolvesEscapedTokens) {
    const Value document = parsed(R"({"a/b":{"m~n":[10,{"":20}]}})");

    EXPECT_EQ(resolve(document, "/a~1b/m~0n/0").value()->as_int64(), 10);
    EXPECT_EQ(resolve(document, "/a~1b/m~0n/1/").value()->as_int64(), 20);
    EXPECT_EQ(resolve(document, "").value(), &document);
    std::string pointer;
    append_token(pointer, "a/b");
    append_token(pointer, "m~n");
    EXPECT_EQ(pointer, "/a~1b/m~0n");
}

TEST(Pointer, FindsNothingWhereNothingIs) {
    const Value document = parsed(R"({"a":[1,2]})");
    for (const char* pointer :
         {"a", "/b", "/a/2", "/a/01", "/a/-", "/a/x", "/a/", "/a/0/0", "/~2", "/a~"})
        EXPECT_FALSE(resolve(document, pointer)) << pointer;
}

// OP-05
TEST(Nearest, FindsWhatWasMeant) {
    constexpr std::array<std::string_view, 4> kKeys = {"client_id", "client_secret", "base_url",
                                                       "wait_seconds"};
    EXPECT_EQ(nearest("clientid", kKeys), "client_id");
    EXPECT_EQ(nearest("base_ulr", kKeys), "base_url");
    EXPECT_EQ(nearest("wait_second", kKeys), "wait_seconds");
    EXPECT_EQ(nearest("timeout", kKeys), std::nullopt);
    EXPECT_EQ(nearest("", kKeys), std::nullopt);
    EXPECT_EQ(nearest(std::string(100'000, 'c'), kKeys), std::nullopt);
}

TEST(Pattern, MatchesAsEcmaDoes) {
    const auto matches = [](std::string_view expression, std::string_view subject) {
        return Pattern::compile(expression).value().match(subject) == Pattern::Outcome::match;
    };
    EXPECT_TRUE(matches("b", "abc"));
    EXPECT_TRUE(matches("^.$", "\u00e9"));
    EXPECT_FALSE(matches("^a$", "a\n"));
    EXPECT_FALSE(matches("^\\d$", "\u0663"));
    EXPECT_TRUE(matches("^\\u0041$", "A"));
    EXPECT_TRUE(matches("^(?=.*x).+$", "axb"));
}

TEST(Pattern, GivesUpOnCostlyMatches) {
    const Pattern pattern = Pattern::compile("^(a+)+$").value();
    EXPECT_EQ(pattern.match(std::string(40, 'a') + "b"), Pattern::Outcome::too_costly);
    EXPECT_EQ(pattern.match(std::string(70'000, 'a')), Pattern::Outcome::too_costly);
    EXPECT_EQ(pattern.match("aaa"), Pattern::Outcome::match);
}

TEST(Pattern, RefusesUnusableExpressions) {
    EXPECT_FALSE(Pattern::compile("a("));
    EXPECT_FALSE(Pattern::compile("(*LIMIT_MATCH=1)a"));
    EXPECT_FALSE(Pattern::compile(std::string(5'000, 'a')));
    EXPECT_FALSE(Pattern::compile("\\C"));
}

TEST(Quoted, IsAStringThatHoldsTheText) {
    const Value value("a\"b\\c\n\x01 \u00e9 </script>");
    const std::string hostile = json::serialize(value);
    for (const std::string& text : {std::string("{}"), std::string(R"({"a":"\"\\"})"), hostile}) {
        std::string quoted;
        append_quoted(quoted, text);

        const auto read = parse(quoted);
        ASSERT_TRUE(read) << quoted;
        EXPECT_EQ(json::text(*read), text);
    }
}

}  // namespace
}  // namespace quell::json
