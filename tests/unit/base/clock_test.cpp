// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/clock.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "base/random.hpp"
#include "base/secret_string.hpp"

namespace quell {
namespace {

TEST(Clock, WritesAndReadsRfc3339) {
    const WallTime time = from_unix_millis(1'795'230'245'678);
    EXPECT_EQ(to_rfc3339(time), "2026-11-21T03:04:05.678Z");
    EXPECT_EQ(parse_rfc3339("2026-11-21T03:04:05.678Z").value(), time);
    EXPECT_EQ(parse_rfc3339("2026-11-21T03:04:05Z").value(), from_unix_millis(1'795'230'245'000));
    EXPECT_EQ(parse_rfc3339("2026-11-21T03:04:05.5Z").value(), from_unix_millis(1'795'230'245'500));
}

TEST(Clock, RefusesTimesThatDoNotExist) {
    for (const char* text : {"", "2026-11-21", "2026-02-30T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T03:04:05",
                             "2026-11-21T03:04:05+01:00", "2026-11-21T03:04:05.Z", "-026-11-21T03:04:05Z"}) {
        EXPECT_FALSE(parse_rfc3339(text)) << text;
    }
}

TEST(Random, MakesUuidsOfTheirVersion) {
    EXPECT_TRUE(is_uuid(uuid_v4()));
    EXPECT_EQ(uuid_v4()[14], '4');
    EXPECT_EQ(uuid_v7()[14], '7');
    EXPECT_NE(uuid_v4(), uuid_v4());
    EXPECT_FALSE(is_uuid("00000000-0000-0000-0000-00000000000G"));
}

TEST(Random, NeverMakesATimeOrderedUuidTwice) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        EXPECT_TRUE(seen.insert(uuid_v7()).second);
    }
    std::thread([&seen] {
        for (int i = 0; i < 1000; ++i) {
            EXPECT_TRUE(seen.insert(uuid_v7()).second);
        }
    }).join();
}

TEST(SecretString, IsEmptyAfterItWasMovedFrom) {
    SecretString first("top secret, longer than any small-string buffer");
    const SecretString second(std::move(first));

    EXPECT_EQ(second.reveal().substr(0, 3), "top");
    EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
}

}  // namespace
}  // namespace quell
