// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/param_headers.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"

namespace quell::mcp {
namespace {

bool fits(std::vector<http::Header> headers, std::string_view arguments) {
    static const auto wanted = param_headers(json::parse(
        R"({"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},
            "at":{"type":"object","properties":{"n":{"type":"integer","x-mcp-header":"N"}}},
            "list":{"type":"array","items":{"type":"string","x-mcp-header":"Never"}}}})").value());
    http::Request request;
    request.headers = std::move(headers);
    return !check_param_headers(wanted, request, json::parse(arguments).value().get_object());
}

// MC-06
TEST(ParamHeaders, RepeatTheArgumentExactly) {
    EXPECT_TRUE(fits({{"mcp-param-region", " west "}}, R"({"region":"west"})"));
    EXPECT_TRUE(fits({{"Mcp-Param-Region", "=?base64?SGVsbG8=?="}}, R"({"region":"Hello"})"));
    EXPECT_TRUE(fits({{"Mcp-Param-Region", "SGVsbG8="}}, R"({"region":"SGVsbG8="})"));
    EXPECT_TRUE(fits({{"Mcp-Param-N", "7"}}, R"({"at":{"n":7}})"));
    EXPECT_TRUE(fits({}, "{}"));
}

TEST(ParamHeaders, HaveNamesThatAHeaderCanHave) {
    const auto names_of = [](std::string_view header) {
        const std::string schema = R"({"type":"object","properties":{"a":{"type":"string","x-mcp-header":")" + std::string(header) + R"("}}})";
        return param_headers(json::parse(schema).value()).size();
    };

    EXPECT_EQ(names_of("Region-1_a"), 1U);
    for (const std::string_view header : {"", "a b", "a:b", "a\\r\\nX: 1", "\u00e4"}) {
        EXPECT_EQ(names_of(header), 0U) << header;
    }
}

TEST(ParamHeaders, AreRefusedWhereTheyDiffer) {
    EXPECT_FALSE(fits({}, R"({"region":"west"})"));
    EXPECT_FALSE(fits({{"Mcp-Param-Region", "West"}}, R"({"region":"west"})"));
    EXPECT_FALSE(fits({{"Mcp-Param-Region", "west"}}, "{}"));
    EXPECT_FALSE(fits({{"Mcp-Param-Region", "west"}, {"Mcp-Param-Region", "west"}}, R"({"region":"west"})"));
    EXPECT_FALSE(fits({{"Mcp-Param-Region", "=?base64?SGVsbG8?="}}, R"({"region":"Hello"})"));
    EXPECT_FALSE(fits({{"Mcp-Param-Region", "=?base64?SGVs!!!bG8=?="}}, R"({"region":"Hello"})"));
    EXPECT_FALSE(fits({{"Mcp-Param-N", "07"}}, R"({"at":{"n":7}})"));
}

}  // namespace
}  // namespace quell::mcp
