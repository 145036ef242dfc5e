// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gtest/gtest.h>

#include <quell/time.hpp>

namespace quell {
namespace {

std::string again(std::string_view text) {
    const auto time = parse_time(text);
    return time ? format_time(*time) : "none";
}

// RFC 3339 5.6
TEST(Time, ReadsEachForm) {
    EXPECT_EQ(again("2026-01-01T00:00:00Z"), "2026-01-01T00:00:00.000Z");
    EXPECT_EQ(again("2026-01-01t00:00:00.12z"), "2026-01-01T00:00:00.120Z");
    EXPECT_EQ(again("2026-01-01T00:00:00.123987Z"), "2026-01-01T00:00:00.123Z");
    EXPECT_EQ(again("2026-01-01T01:30:00+01:30"), "2026-01-01T00:00:00.000Z");
    EXPECT_EQ(again("2025-12-31T23:00:00-01:00"), "2026-01-01T00:00:00.000Z");
    EXPECT_EQ(again("2024-02-29T12:34:56Z"), "2024-02-29T12:34:56.000Z");
}

TEST(Time, RefusesOtherText) {
    for (const std::string_view text :
         {"", "2026-01-01", "2026-01-01T00:00:00", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z",
          "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:00+0100",
          "2026-01-01T00:00:00Zx", "20260101T000000Z", "2026-1-1T0:0:0Z", "0000000000000000000000"})
        EXPECT_EQ(again(text), "none") << text;
}

TEST(Time, ReadsAnHttpDate) {
    const auto time = parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
    ASSERT_TRUE(time);
    EXPECT_EQ(format_time(*time), "1994-11-06T08:49:37.000Z");
    for (const std::string_view text :
         {"", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 ovD 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 28:49:37 GMT", "Sun, 06-Nov-1994 08:49:37 GMT", "Sunday, 6 Nov 94 08:49:37 GMT"})
        EXPECT_FALSE(parse_http_date(text)) << text;
}

}  // namespace
}  // namespace quell
