// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/uri_template.hpp"

#include <gtest/gtest.h>

namespace quell::mcp {
namespace {

TEST(UriTemplate, FitsAUriThatCouldComeFromIt) {
    EXPECT_TRUE(fits_template("test://template/123/data", "test://template/{id}/data"));
    EXPECT_TRUE(fits_template("a://1/2", "a://{x}/{y}"));
    EXPECT_TRUE(fits_template("file:///a/b/c", "file:///{+path}"));
    EXPECT_TRUE(fits_template("a://b", "a://b"));
}

TEST(UriTemplate, DoesNotFitAnother) {
    for (const auto& [uri, pattern] : {std::pair("test://template//data", "test://template/{id}/data"),
                                       std::pair("test://template/1/2/data", "test://template/{id}/data"),
                                       std::pair("test://template/1/data/", "test://template/{id}/data"),
                                       std::pair("test://other/1/data", "test://template/{id}/data"),
                                       std::pair("a://", "a://{x}"), std::pair("a://b", "a://{x"), std::pair("", "{x}"),
                                       std::pair("x://data", "x://{a}data")}) {
        EXPECT_FALSE(fits_template(uri, pattern)) << uri << " " << pattern;
    }
}

}  // namespace
}  // namespace quell::mcp
