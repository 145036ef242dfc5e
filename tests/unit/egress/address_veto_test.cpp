// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/address_veto.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

namespace quell::egress {
namespace {

TEST(AddressVeto, LetsPublicAddressesThrough) {
    for (const std::string_view address :
         {"1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "192.169.0.1", "198.20.0.1",
          "223.255.255.255", "2606:4700:4700::1111", "2001:4860:4860::8888", "::ffff:8.8.8.8",
          "64:ff9b::808:808", "2002:808:808::1"}) {
        EXPECT_TRUE(is_within(Reach::public_only, address)) << address;
        EXPECT_TRUE(is_within(Reach::public_or_loopback, address)) << address;
        EXPECT_FALSE(is_within(Reach::loopback_only, address)) << address;
    }
}

TEST(AddressVeto, RefusesEverythingThatIsNotPublic) {
    for (const std::string_view address : {"0.0.0.0",
                                           "0.1.2.3",
                                           "10.0.0.1",
                                           "10.255.255.255",
                                           "100.64.0.1",
                                           "100.100.100.200",
                                           "168.63.129.16",
                                           "169.254.169.254",
                                           "172.16.0.1",
                                           "172.31.255.255",
                                           "192.0.0.192",
                                           "192.0.2.1",
                                           "192.168.1.1",
                                           "198.18.0.1",
                                           "198.51.100.1",
                                           "203.0.113.1",
                                           "224.0.0.1",
                                           "239.1.1.1",
                                           "240.0.0.1",
                                           "255.255.255.255",
                                           "::",
                                           "fe80::1",
                                           "fec0::1",
                                           "fc00::1",
                                           "fd00:ec2::254",
                                           "ff02::1",
                                           "::ffff:10.0.0.1",
                                           "::ffff:169.254.169.254",
                                           "::10.0.0.1",
                                           "64:ff9b::a00:1",
                                           "64:ff9b:1::a00:1",
                                           "2002:a00:1::1",
                                           "2001:db8::1",
                                           "2001::1",
                                           "100::1",
                                           "3fff::1",
                                           "",
                                           "localhost",
                                           "1.2.3",
                                           "1.2.3.4.5",
                                           "%"}) {
        for (const Reach reach :
             {Reach::public_only, Reach::public_or_loopback, Reach::loopback_only}) {
            EXPECT_FALSE(is_within(reach, address)) << address;
        }
    }
}

TEST(AddressVeto, LetsLoopbackThroughOnlyWhereAllowed) {
    for (const std::string_view address :
         {"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"}) {
        EXPECT_FALSE(is_within(Reach::public_only, address)) << address;
        EXPECT_TRUE(is_within(Reach::public_or_loopback, address)) << address;
        EXPECT_TRUE(is_within(Reach::loopback_only, address)) << address;
    }
}

TEST(AddressVeto, ReadsSocketAddresses) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(0x0A000001);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
    sockaddr_un local{};
    local.sun_family = AF_UNIX;

    EXPECT_FALSE(is_within(Reach::public_or_loopback, reinterpret_cast<const sockaddr&>(v4)));
    EXPECT_TRUE(is_within(Reach::public_or_loopback, reinterpret_cast<const sockaddr&>(v6)));
    EXPECT_FALSE(is_within(Reach::public_or_loopback, reinterpret_cast<const sockaddr&>(local)));
}

TEST(AddressVeto, KnowsNamesOfLoopback) {
    EXPECT_TRUE(names_loopback("localhost"));
    EXPECT_TRUE(names_loopback("127.0.0.1"));
    EXPECT_TRUE(names_loopback("::1"));
    EXPECT_FALSE(names_loopback("localhost.example.com"));
    EXPECT_FALSE(names_loopback("8.8.8.8"));
}

}  // namespace
}  // namespace quell::egress
