// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/callback_url.hpp"

#include <gtest/gtest.h>

namespace quell::challenges {
namespace {

class InnerUrl : public testing::TestWithParam<const char*> {};

// SS-01, SS-04
TEST_P(InnerUrl, IsRefusedAtOnce) {
    const auto checked = check_callback_url(GetParam(), false);

    ASSERT_FALSE(checked.has_value());
    EXPECT_EQ(checked.error()->key, "invalid_arguments");
}

INSTANTIATE_TEST_SUITE_P(
    All, InnerUrl,
    testing::Values("https://127.0.0.1/hook", "https://127.1/hook", "https://[::1]/hook", "https://[::ffff:127.0.0.1]/hook",
                    "https://169.254.169.254/latest/meta-data", "https://10.0.0.7/hook", "https://192.168.1.1/hook",
                    "https://172.16.0.1/hook", "https://100.64.0.1/hook", "https://[fd00::1]/hook", "https://[fe80::1]/hook",
                    "https://localhost/hook", "https://LOCALHOST/hook", "https://a.localhost/hook", "https://2130706433/hook",
                    "https://0x7f000001/hook", "https://017700000001/hook", "https://0/hook", "https://0.0.0.0/hook",
                    "https://intranet/hook", "https://printer.local/hook", "https://vault.internal/hook",
                    "http://hooks.example.com/hook", "file:///etc/passwd", "gopher://hooks.example.com/", "ftp://hooks.example.com/",
                    "https://user:pw@hooks.example.com/", "https://hooks.example.com/#x", "//hooks.example.com/", "hooks.example.com",
                    "javascript:alert(1)", ""));

TEST(CallbackUrl, MayBeAPublicHostsHttpsAddress) {
    EXPECT_TRUE(check_callback_url("https://hooks.example.com/quell?tenant=acme", false).has_value());
    EXPECT_TRUE(check_callback_url("https://hooks.example.com:8443/quell", false).has_value());
    EXPECT_TRUE(check_callback_url("https://93.184.216.34/quell", false).has_value());
}

TEST(CallbackUrl, MayBeOnThisMachineOnlyForTests) {
    EXPECT_TRUE(check_callback_url("http://127.0.0.1:8080/hook", true).has_value());
    EXPECT_TRUE(check_callback_url("http://localhost:8080/hook", true).has_value());
    EXPECT_FALSE(check_callback_url("http://10.0.0.7/hook", true).has_value());
    EXPECT_FALSE(check_callback_url("http://hooks.example.com/hook", true).has_value());
}

}  // namespace
}  // namespace quell::challenges
