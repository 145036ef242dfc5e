// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/encoding.hpp"

#include <gtest/gtest.h>

namespace quell {
namespace {

TEST(Encoding, Base64UrlRoundTripsEveryRemainder) {
    using namespace std::string_view_literals;
    for (const std::string_view text : {""sv, "f"sv, "fo"sv, "foo"sv, "foob"sv, "\0\xFF"sv}) {
        EXPECT_EQ(from_base64url(to_base64url(text)), text);
        EXPECT_EQ(from_base64(to_base64(text)), text);
    }
    EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
    EXPECT_EQ(to_base64url("foob"), "Zm9vYg");
}

TEST(Encoding, RefusesBase64WithASecondSpelling) {
    EXPECT_FALSE(from_base64url("Zm9vYh"));    // non-zero bits after the last byte
    EXPECT_FALSE(from_base64url("Zm9vYg=="));  // padding
    EXPECT_FALSE(from_base64("Zm9vYg"));       // no padding
    EXPECT_FALSE(from_base64url("Zm9v\n"));
    EXPECT_FALSE(from_base64url("A"));
}

TEST(Encoding, DecodesPercentEscapesStrictly) {
    EXPECT_EQ(percent_decode("a%20b+c", true), "a b c");
    EXPECT_EQ(percent_decode("a+c%2F", false), "a+c/");
    EXPECT_FALSE(percent_decode("%2", false));
    EXPECT_FALSE(percent_decode("%zz", false));
    EXPECT_EQ(percent_encode("a b/ä"), "a%20b%2F%C3%A4");
}

TEST(Encoding, KnowsWellFormedUtf8) {
    EXPECT_TRUE(is_utf8("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"));
    EXPECT_FALSE(is_utf8("\xC0\xAF"));          // overlong
    EXPECT_FALSE(is_utf8("\xED\xA0\x80"));      // surrogate
    EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));  // beyond U+10FFFF
    EXPECT_FALSE(is_utf8("\xE2\x82"));          // cut
}

TEST(Encoding, HexIsStrict) {
    EXPECT_EQ(from_hex("00fF"), std::string("\0\xff", 2));
    EXPECT_FALSE(from_hex("0"));
    EXPECT_FALSE(from_hex("0g"));
}

}  // namespace
}  // namespace quell
