// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/attempt_source.hpp"

#include <gtest/gtest.h>

namespace quell::oauth {
namespace {

TEST(AttemptSource, IsTheAddressOfIpv4) {
    EXPECT_EQ(attempt_source("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(attempt_source("::ffff:192.0.2.7"), "192.0.2.7");
}

// OA-31
TEST(AttemptSource, IsTheNetworkOfIpv6) {
    EXPECT_EQ(attempt_source("2001:db8:0:1::1"), attempt_source("2001:db8:0:1:ffff::2"));
    EXPECT_NE(attempt_source("2001:db8:0:1::1"), attempt_source("2001:db8:0:2::1"));
    EXPECT_EQ(attempt_source("fe80::1%3"), attempt_source("fe80::2"));
}

TEST(AttemptSource, TakesWhatIsNoAddressAsItIs) {
    EXPECT_EQ(attempt_source("uid:0"), "uid:0");
}

}  // namespace
}  // namespace quell::oauth
