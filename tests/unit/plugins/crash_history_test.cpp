// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/crash_history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quell::plugins {
namespace {

using namespace std::chrono_literals;

class CrashHistoryTest : public testing::Test {
  protected:
    void crash_after(std::chrono::milliseconds pause) {
        now_ += pause;
        history_.note({.at = wall_now(), .pid = 1, .reason = "signal SIGSEGV"});
    }

    std::chrono::steady_clock::time_point now_{};
    std::vector<Crash> reported_;
    CrashHistory history_{[this](const Crash& crash) { reported_.push_back(crash); }, [this] { return now_; }};
};

TEST_F(CrashHistoryTest, QuarantinesAfterFiveCrashesInAMinute) {
    for (int i = 0; i < 4; ++i) {
        crash_after(15s);
    }
    EXPECT_FALSE(history_.is_quarantined());

    crash_after(15s);

    EXPECT_TRUE(history_.is_quarantined());
    ASSERT_EQ(reported_.size(), 5U);
    EXPECT_FALSE(reported_[3].quarantines);
    EXPECT_TRUE(reported_[4].quarantines);
    EXPECT_EQ(history_.summary().crashes, 5U);
    EXPECT_EQ(history_.summary().last->reason, "signal SIGSEGV");
    EXPECT_EQ(history_.summary().quarantined_since, reported_[4].at);
}

TEST_F(CrashHistoryTest, ForgetsCrashesOlderThanAMinute) {
    for (int i = 0; i < 20; ++i) {
        crash_after(15'001ms);
    }
    EXPECT_FALSE(history_.is_quarantined());
    EXPECT_EQ(history_.summary().crashes, 20U);
}

TEST_F(CrashHistoryTest, CountsAnewOnceLifted) {
    for (int i = 0; i < 5; ++i) {
        crash_after(1s);
    }

    EXPECT_TRUE(history_.lift());

    EXPECT_FALSE(history_.is_quarantined());
    EXPECT_FALSE(history_.lift());
    crash_after(1s);
    EXPECT_FALSE(history_.is_quarantined());
    EXPECT_EQ(history_.summary().crashes, 6U);
}

TEST(ReadableEnd, KeepsTheLastFourKilobytesAsText) {
    EXPECT_EQ(readable_end("one\ntwo\x1b[31m"), "one\ntwo?[31m");
    EXPECT_EQ(readable_end("\xff" "a"), "?a");
    EXPECT_EQ(readable_end("\xc3\xa9"), "\xc3\xa9");
    EXPECT_EQ(readable_end(std::string(5000, 'a') + "end").size(), 4096U);
    const std::string cut = readable_end("\xc3\xa9" + std::string(4095, 'b'));
    EXPECT_EQ(cut, std::string(4095, 'b'));
}

}  // namespace
}  // namespace quell::plugins
