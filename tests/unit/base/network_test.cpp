// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/network.hpp"

#include <gtest/gtest.h>

namespace quell {
namespace {

bool contains(std::string_view network, std::string_view address) {
    return Network::parse(network).value().contains(address);
}

TEST(Network, HoldsTheAddressesOfItsRange) {
    EXPECT_TRUE(contains("192.0.2.0/24", "192.0.2.255"));
    EXPECT_FALSE(contains("192.0.2.0/24", "192.0.3.0"));
    EXPECT_TRUE(contains("192.0.2.4/31", "192.0.2.5"));
    EXPECT_FALSE(contains("192.0.2.4/31", "192.0.2.6"));
    EXPECT_TRUE(contains("0.0.0.0/0", "8.8.8.8"));
    EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::1"));
    EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
}

TEST(Network, MayBeOneAddress) {
    EXPECT_TRUE(contains("127.0.0.1", "127.0.0.1"));
    EXPECT_FALSE(contains("127.0.0.1", "127.0.0.2"));
    EXPECT_TRUE(contains("::1", "::1"));
}

TEST(Network, KnowsAnAddressInItsIpv6Form) {
    EXPECT_TRUE(contains("192.0.2.0/24", "::ffff:192.0.2.1"));
    EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
    EXPECT_TRUE(contains("::/0", "192.0.2.1"));
}

TEST(Network, HoldsNothingThatIsNoAddress) {
    EXPECT_FALSE(contains("::/0", ""));
    EXPECT_FALSE(contains("::/0", "uid:0"));
    EXPECT_FALSE(contains("::/0", "192.0.2.1:80"));
    EXPECT_FALSE(contains("::/0", "192.0.2.0/24"));
}

TEST(Network, RefusesWhatIsNoRange) {
    for (const std::string_view text : {"", "/", "x", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/", "192.0.2.0/8x", "192.0.2.1/24",
                                        "192.0.2/24", "::/129", "2001:db8::1/32", "fe80::1%eth0", " 192.0.2.0/24", "*"}) {
        EXPECT_FALSE(Network::parse(text)) << text;
    }
}

}  // namespace
}  // namespace quell
