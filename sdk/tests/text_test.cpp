// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gtest/gtest.h>

#include <quell/log.hpp>
#include <quell/rate_limit.hpp>
#include <quell/text.hpp>
#include <quell/url.hpp>

namespace quell {
namespace {

TEST(Text, ComparesAsciiLettersWithoutRegardToCase) {
    EXPECT_TRUE(equal_ignoring_case("Alice-MAC", "alice-mac"));
    EXPECT_FALSE(equal_ignoring_case("alice", "alice-mac"));
    EXPECT_FALSE(equal_ignoring_case("[", "{"));
}

TEST(Text, EscapesBackslashesToo) {
    EXPECT_EQ(backslash_escaped(R"(a'b\)", "'"), R"(a\'b\\)");
    EXPECT_TRUE(has_control_characters("a\nb"));
    EXPECT_FALSE(has_control_characters("é"));
    EXPECT_FALSE(is_hex("0g"));
}

// RFC 3986 2.3
TEST(MakeUrl, EncodesEverythingThatIsNotUnreserved) {
    EXPECT_EQ(percent_encoded("a/b?c&d=e#f%g h+"), "a%2Fb%3Fc%26d%3De%23f%25g%20h%2B");
    EXPECT_EQ(percent_encoded("A-z_0.~"), "A-z_0.~");
    EXPECT_EQ(percent_encoded("\xc3\xa9"), "%C3%A9");
}

TEST(MakeUrl, JoinsABaseWithOrWithoutASlash) {
    EXPECT_EQ(make_url("https://x/", "/a"), "https://x/a");
    EXPECT_EQ(make_url("https://x", "/a", {{"q", "1&2"}, {"q", ""}}), "https://x/a?q=1%262&q=");
}

TEST(Log, QuotesFieldsAsJson) {
    EXPECT_EQ(detail::json_quoted("a\"b\\c\n\x01"), R"("a\"b\\c\u000a\u0001")");
}

// PF-01
TEST(RetryAfter, IsWhatTheHostHandsOnInSeconds) {
    const auto wait_of = [](std::vector<HttpHeader> headers) {
        return retry_after(HttpResponse{429, std::move(headers), ""});
    };
    EXPECT_EQ(wait_of({{"retry-after", "60"}}), std::chrono::seconds(60));
    EXPECT_EQ(wait_of({{"retry-after", "-1"}}), std::nullopt);
    EXPECT_EQ(wait_of({{"retry-after", "soon"}}), std::nullopt);
    EXPECT_EQ(wait_of({{"retry-after", "99999999999999999999999"}}), std::nullopt);
    EXPECT_EQ(wait_of({}), std::nullopt);
}

}  // namespace
}  // namespace quell
