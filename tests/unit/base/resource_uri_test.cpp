// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/resource_uri.hpp"

#include <gtest/gtest.h>

namespace quell {
namespace {

ResourceUri uri(std::string_view text) { return ResourceUri::parse(text).value(); }
ResourcePattern pattern(std::string_view text) { return ResourcePattern::parse(text).value(); }

// A12
TEST(ResourceUri, HasThreeKinds) {
    EXPECT_EQ(uri("vsecure://secrets/production/DATABASE_URL").environment(), "production");
    EXPECT_EQ(uri("vsecure://secrets/production/DATABASE_URL").name(), "DATABASE_URL");
    EXPECT_EQ(uri("vsecure://secrets/TOKEN").environment(), "");
    EXPECT_EQ(uri("vsecure://api-keys/key_1").kind(), "api-keys");
    EXPECT_EQ(uri("vsecure://custom/certificate/edge-1").name(), "edge-1");
}

TEST(ResourceUri, HasOneNormalForm) { EXPECT_EQ(uri("vsecure://secrets/prod%75ction/A%2dB").text(), "vsecure://secrets/production/A-B"); }

// A12, AP-04
TEST(ResourceUri, RefusesWhatCouldBeReadTwoWays) {
    const std::string long_name(600, 'a');
    for (const std::string& text : std::initializer_list<std::string>{
             "", "vsecure://", "vsecure://secrets", "vsecure://secrets/", "vsecure://secrets//a", "vsecure://secrets/a/",
             "vsecure://secrets/production/../staging/x", "vsecure://secrets/production/%2e%2e/x", "vsecure://secrets/./x",
             "vsecure://secrets/production%2Fx", "vsecure://secrets/production%2fx", "vsecure://secrets/a%5cb",
             "vsecure://secrets/a\\b", "vsecure://secrets/a%252fb", "vsecure://secrets/a%00b", "vsecure://secrets/a%zz",
             "vsecure://secrets/a?b", "vsecure://secrets/a#b", "vsecure://secrets/*", "vsecure://secrets/{a}/b", "VSECURE://secrets/a/b",
             "vsecure:/secrets/a/b", "vsecure://user@secrets/a", "vsecure://secrets:1/a", "vsecure://other/a/b",
             "vsecure://api-keys/a/b", "vsecure://custom/a", "vsecure://secrets/\xc3\xa9/b", "vsecure://secrets/1/2/3/4/5/6/7/8/9",
             "vsecure://secrets/" + long_name}) {
        EXPECT_FALSE(ResourceUri::parse(text)) << text;
    }
}

// AP-04
TEST(ResourcePattern, MatchesWholeSegmentsOnly) {
    const ResourcePattern production = pattern("vsecure://secrets/production/*");
    EXPECT_TRUE(production.matches(uri("vsecure://secrets/production/x")));
    EXPECT_TRUE(production.matches(uri("vsecure://secrets/production/db/x")));
    EXPECT_FALSE(production.matches(uri("vsecure://secrets/production2/x")));
    EXPECT_FALSE(production.matches(uri("vsecure://secrets/production")));
    EXPECT_FALSE(production.matches(uri("vsecure://secrets/staging/production")));
    EXPECT_FALSE(production.matches(uri("vsecure://api-keys/production")));
}

TEST(ResourcePattern, TakesAVariableForOneSegment) {
    const ResourcePattern named = pattern("vsecure://secrets/{environment}/{name}");
    EXPECT_TRUE(named.matches(uri("vsecure://secrets/staging/x")));
    EXPECT_FALSE(named.matches(uri("vsecure://secrets/x")));
    EXPECT_FALSE(named.matches(uri("vsecure://secrets/staging/db/x")));
}

// L07
TEST(ResourcePattern, KnowsWhichIsMoreSpecific) {
    const std::vector<ResourcePattern> from_least = {
        pattern("vsecure://secrets/*"), pattern("vsecure://secrets/{environment}/*"), pattern("vsecure://secrets/{environment}/{name}"),
        pattern("vsecure://secrets/{environment}/DB"), pattern("vsecure://secrets/production/*"),
        pattern("vsecure://secrets/production/{name}"), pattern("vsecure://secrets/production/DB")};
    for (std::size_t i = 1; i < from_least.size(); ++i) {
        EXPECT_TRUE(from_least[i].is_more_specific_than(from_least[i - 1])) << from_least[i].text();
        EXPECT_FALSE(from_least[i - 1].is_more_specific_than(from_least[i])) << from_least[i].text();
    }
}

TEST(ResourcePattern, HasAShapeWithoutTheNamesOfVariables) {
    EXPECT_EQ(pattern("vsecure://secrets/{a}/x").shape(), pattern("vsecure://secrets/{b}/x").shape());
    EXPECT_NE(pattern("vsecure://secrets/a/x").shape(), pattern("vsecure://secrets/{a}/x").shape());
}

TEST(ResourcePattern, RefusesAStarInTheMiddle) {
    for (const char* text : {"vsecure://secrets/*/x", "vsecure://secrets/a*", "vsecure://secrets/**", "vsecure://*", "vsecure://secrets/{}/x",
                             "vsecure://secrets/{a/b}", "vsecure://secrets/../*", "vsecure://custom/a/b/*"}) {
        EXPECT_FALSE(ResourcePattern::parse(text)) << text;
    }
}

}  // namespace
}  // namespace quell
