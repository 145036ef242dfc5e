// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/form.hpp"

#include <gtest/gtest.h>

#include "oauth/local_path.hpp"

namespace quell::oauth {
namespace {

TEST(Form, DecodesItsParameters) {
    const auto form = Form::parse("a=1&b=x+y%2Bz&c=%C3%BC&empty=&flag&&a%20b=2");

    ASSERT_TRUE(form);
    EXPECT_EQ(form->value("a"), "1");
    EXPECT_EQ(form->value("b"), "x y+z");
    EXPECT_EQ(form->value("c"), "\u00FC");
    EXPECT_EQ(form->value("a b"), "2");
    EXPECT_EQ(form->value("A"), "");
}

// RFC 6749 3.1.
TEST(Form, TakesAParameterWithoutAValueForAbsent) {
    const auto form = Form::parse("empty=&flag");

    EXPECT_FALSE(form->has("empty"));
    EXPECT_FALSE(form->has("flag"));
}

TEST(Form, NoticesRepetition) {
    EXPECT_EQ(Form::parse("a=1&b=2&a=1")->first_repeated(), "a");
    EXPECT_EQ(Form::parse("code=1&c%6Fde=2")->first_repeated(), "code");
    EXPECT_EQ(Form::parse("a=&a=1")->first_repeated(), "a");
    EXPECT_EQ(Form::parse("a=1&b=2")->first_repeated(), "");
}

class HostileForm : public testing::TestWithParam<std::string> {};

TEST_P(HostileForm, IsRefused) {
    const auto form = Form::parse(GetParam());

    ASSERT_FALSE(form);
    EXPECT_EQ(form.error()->key, "invalid_request");
}

INSTANTIATE_TEST_SUITE_P(Table, HostileForm,
                         testing::Values("a=%", "a=%4", "a=%zz", "a=%00", "a=%0d%0aX:y", "a=%7f", "a=%ff",
                                         "a=%ed%a0%80", "a=%c0%80", "%0a=1", std::string("a=\0b", 4),
                                         "a=" + std::string(16 * 1024, 'x'), [] {
                                             std::string many;
                                             for (int i = 0; i < 65; ++i) {
                                                 many += "a" + std::to_string(i) + "=1&";
                                             }
                                             return many;
                                         }()));

class LocalPath : public testing::TestWithParam<std::string> {};

// UI-02
TEST_P(LocalPath, NeverLeavesTheHost) { EXPECT_FALSE(is_local_path(GetParam())) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(Table, LocalPath,
                         testing::Values("", "//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example",
                                         "/\t/evil.example", "/\n/evil.example", " /x", "https://evil.example",
                                         "https:evil.example", "javascript:alert(1)", "evil.example", "/x\\y",
                                         "/\xC3\xBC", "/" + std::string(13 * 1024, 'x')));

TEST(LocalPath, MayHaveAQuery) {
    EXPECT_TRUE(is_local_path("/"));
    EXPECT_TRUE(is_local_path("/oauth/authorize?redirect_uri=https%3A%2F%2Fsoar.example"));
}

}  // namespace
}  // namespace quell::oauth
