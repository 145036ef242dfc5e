// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/time_window.hpp"

#include <gtest/gtest.h>

namespace quell {
namespace {

WallTime at(std::string_view text) { return parse_rfc3339(text).value(); }

// AP-05, L11: 09:00 in California is 17:00 UTC in winter and 16:00 UTC in summer.
TEST(TimeWindow, HasItsStartAndNotItsEnd) {
    for (const char* text : {"09:00-17:00 PST", "09:00-17:00 America/Los_Angeles"}) {
        const TimeWindow window = TimeWindow::parse(text).value();
        EXPECT_FALSE(window.contains(at("2026-11-27T16:59:59.999Z"))) << text;
        EXPECT_TRUE(window.contains(at("2026-11-27T17:00:00Z"))) << text;
        EXPECT_TRUE(window.contains(at("2026-11-28T00:59:59.999Z"))) << text;
        EXPECT_FALSE(window.contains(at("2026-11-28T01:00:00Z"))) << text;
        EXPECT_TRUE(window.contains(at("2026-07-01T16:00:00Z"))) << text;
        EXPECT_FALSE(window.contains(at("2026-07-01T15:59:59Z"))) << text;
    }
}

TEST(TimeWindow, GoesOverMidnight) {
    const TimeWindow night = TimeWindow::parse("22:00-06:00 Etc/UTC").value();
    EXPECT_FALSE(night.contains(at("2026-11-27T21:59:59Z")));
    EXPECT_TRUE(night.contains(at("2026-11-27T22:00:00Z")));
    EXPECT_TRUE(night.contains(at("2026-11-28T05:59:59Z")));
    EXPECT_FALSE(night.contains(at("2026-11-28T06:00:00Z")));
}

TEST(TimeWindow, ReachesToTheEndOfTheDay) {
    const TimeWindow evening = TimeWindow::parse("18:00-24:00 Asia/Kolkata").value();
    EXPECT_TRUE(evening.contains(at("2026-11-27T18:29:59Z")));
    EXPECT_FALSE(evening.contains(at("2026-11-27T18:30:00Z")));
}

TEST(TimeWindow, RefusesWhatItCannotRead) {
    for (const char* text :
         {"", "09:00-17:00", "09:00-17:00 ", "09:00-17:00 Mars/Olympus", "9:00-17:00 PST", "09:00-17:60 PST", "24:00-06:00 PST",
          "25:00-26:00 PST", "09:00-09:00 PST", "09:00 17:00 PST", "09:00-17:00 ../../etc/passwd", "09:00-17:00 P ST", "+9:00-17:00 PST"}) {
        EXPECT_FALSE(TimeWindow::parse(text)) << text;
    }
}

}  // namespace
}  // namespace quell
