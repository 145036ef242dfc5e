// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/duration.hpp"

#include <gtest/gtest.h>

namespace quell {
namespace {

using namespace std::chrono_literals;

// L19, L24
TEST(Duration, IsANumberAndAUnit) {
    EXPECT_EQ(parse_duration("3600").value(), 3600s);
    EXPECT_EQ(parse_duration("90s").value(), 90s);
    EXPECT_EQ(parse_duration("15m").value(), 15min);
    EXPECT_EQ(parse_duration("1h").value(), 1h);
    EXPECT_EQ(parse_duration("7d").value(), 168h);
    EXPECT_EQ(parse_duration("2w").value(), 336h);
}

TEST(Duration, RefusesEverythingElse) {
    for (const char* text : {"", "h", "0", "0h", "-1h", "1.5h", "1y", "1hh", "1 h", " 1h", "1h ", "3651d", "99999999999999999999d",
                             "9223372036854775807w"}) {
        EXPECT_FALSE(parse_duration(text)) << text;
    }
}

}  // namespace
}  // namespace quell
