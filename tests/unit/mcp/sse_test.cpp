// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/sse.hpp"

#include <gtest/gtest.h>

namespace quell::mcp {
namespace {

TEST(Sse, WritesOneMessageAnEvent) {
    EXPECT_EQ(sse_event("{}"), "data: {}\n\n");
    EXPECT_EQ(sse_event("{}", EventId{3, 17}), "id: 3-17\ndata: {}\n\n");
    EXPECT_EQ(sse_priming({3, 0}), "id: 3-0\ndata: \n\n");
    EXPECT_EQ(sse_retry(std::chrono::milliseconds{500}), "retry: 500\n\n");
}

TEST(Sse, KeepsAMessageWithLineBreaksInOneEvent) {
    EXPECT_EQ(sse_event("{\r\n\n}"), "data: {\ndata: \ndata: }\n\n");
}

TEST(Sse, ReadsBackTheIdsThatItWrites) {
    EXPECT_EQ(parse_event_id("3-17"), (EventId{3, 17}));
    EXPECT_EQ(parse_event_id("18446744073709551615-0"), (EventId{UINT64_MAX, 0}));
    for (const std::string_view text : {"", "-", "3", "3-", "-3", "3-17 ", " 3-17", "+3-1", "03-1", "3-01", "3-1-2", "a-1",
                                        "18446744073709551616-0", "3--1"}) {
        EXPECT_EQ(parse_event_id(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace quell::mcp
