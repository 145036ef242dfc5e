// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/allow_list.hpp"

#include <gtest/gtest.h>

namespace quell::egress {
namespace {

TEST(AllowList, AllowsNothingWhenEmpty) {
    EXPECT_FALSE(AllowList::make({})->allows("example.com", 443));
}

TEST(AllowList, WantsTheExactHostAndPort) {
    const auto list = AllowList::make({"API.example.com:443", "[::1]:8080"});
    ASSERT_TRUE(list);

    EXPECT_TRUE(list->allows("api.example.com", 443));
    EXPECT_TRUE(list->allows("::1", 8080));
    EXPECT_FALSE(list->allows("api.example.com", 8443));
    EXPECT_FALSE(list->allows("example.com", 443));
    EXPECT_FALSE(list->allows("evil-api.example.com", 443));
    EXPECT_FALSE(list->allows("api.example.com.evil.example", 443));
}

TEST(AllowList, TakesAWildcardForNamesBelowOnly) {
    const auto list = AllowList::make({"*.example.com:443"});
    ASSERT_TRUE(list);

    EXPECT_TRUE(list->allows("a.example.com", 443));
    EXPECT_TRUE(list->allows("a.b.example.com", 443));
    EXPECT_FALSE(list->allows("example.com", 443));
    EXPECT_FALSE(list->allows(".example.com", 443));
    EXPECT_FALSE(list->allows("badexample.com", 443));
    EXPECT_FALSE(list->allows("a.example.com", 80));
}

TEST(AllowList, ComparesAddressesInOneSpelling) {
    EXPECT_TRUE(AllowList::make({"2130706433:443"})->allows("127.0.0.1", 443));
}

TEST(AllowList, RefusesWhatIsNoHostAndPort) {
    for (const std::string text :
         {"", "example.com", "example.com:", "*:443", "*.com:443", "a.*.com:443", ":443",
          "https://example.com:443", "example.com:443/path", "user@example.com:443",
          "example.com:0", "example.com:http", "*.*.example.com:443"}) {
        const auto list = AllowList::make({text});
        ASSERT_FALSE(list) << text;
        EXPECT_EQ(list.error()->code, Code::invalid_argument);
    }
}

}  // namespace
}  // namespace quell::egress
