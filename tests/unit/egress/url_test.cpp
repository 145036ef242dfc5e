// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/url.hpp"

#include <gtest/gtest.h>

namespace quell::egress {
namespace {

TEST(Url, ReadsTheParts) {
    const auto url = Url::parse("https://API.Example.com/a/b%20c?x=1&y=2");

    ASSERT_TRUE(url);
    EXPECT_TRUE(url->is_https());
    EXPECT_EQ(url->host(), "api.example.com");
    EXPECT_EQ(url->port(), 443);
    EXPECT_EQ(url->path(), "/a/b%20c");
    EXPECT_EQ(url->host_and_port(), "api.example.com:443");
}

TEST(Url, GivesEveryUrlAPathAndAPort) {
    EXPECT_EQ(Url::parse("http://example.com")->path(), "/");
    EXPECT_EQ(Url::parse("http://example.com?a=b")->path(), "/");
    EXPECT_EQ(Url::parse("http://example.com")->port(), 80);
    EXPECT_EQ(Url::parse("https://example.com:8443/")->port(), 8443);
}

// Other spellings of an address must not slip past lists of hosts.
TEST(Url, NormalisesAddresses) {
    for (const std::string_view text :
         {"https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/", "https://127.1/"}) {
        const auto url = Url::parse(text);
        ASSERT_TRUE(url) << text;
        EXPECT_EQ(url->host(), "127.0.0.1") << text;
    }
    EXPECT_EQ(Url::parse("https://[0:0:0:0:0:0:0:1]/")->host(), "::1");
    EXPECT_EQ(Url::parse("https://[::1]:8080/")->host_and_port(), "[::1]:8080");
}

class RefusedUrl : public testing::TestWithParam<std::string> {};

TEST_P(RefusedUrl, IsInvalid) {
    const auto url = Url::parse(GetParam());

    ASSERT_FALSE(url) << url->host() << ' ' << url->path();
    EXPECT_EQ(url.error()->code, Code::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(NotAbsolute, RefusedUrl,
                         testing::Values("", "/path", "example.com/", "https:", "https://",
                                         "https:///path", "//example.com/"));
// SS-04
INSTANTIATE_TEST_SUITE_P(OtherSchemes, RefusedUrl,
                         testing::Values("file:///etc/passwd", "gopher://example.com/",
                                         "ftp://example.com/", "dict://example.com/",
                                         "ws://example.com/", "javascript:alert(1)"));
INSTANTIATE_TEST_SUITE_P(Credentials, RefusedUrl,
                         testing::Values("https://user@example.com/",
                                         "https://user:pw@example.com/",
                                         "https://api.example.com:443@evil.example/",
                                         "https://:@example.com/"));
INSTANTIATE_TEST_SUITE_P(Hosts, RefusedUrl,
                         testing::Values("https://example.com./", "https://ex ample.com/",
                                         "https://ex\xC3\xA4mple.com/", "https://example.com:0/",
                                         "https://example.com:99999/", "https://exa%00mple.com/",
                                         "https://[fe80::1%25eth0]/", "https://[::1/",
                                         "https://a,b/", "https://*.example.com/"));
INSTANTIATE_TEST_SUITE_P(
    Paths, RefusedUrl,
    testing::Values("https://h.example/a/../b", "https://h.example/a/./b", "https://h.example/..",
                    "https://h.example/a/%2e%2e/b", "https://h.example/a/%2E/b",
                    "https://h.example/a/.%2e", "https://h.example/a/..%2fb",
                    "https://h.example/a/x%2f..%2fb", "https://h.example/a/..;x=1/b",
                    "https://h.example/a/..%5Cb", "https://h.example//a", "https://h.example/a//b",
                    "https://h.example/a\\b", "https://h.example/%zz", "https://h.example/a%",
                    "https://h.example/a%00b", "https://h.example/a%0d%0ab"));
INSTANTIATE_TEST_SUITE_P(Bytes, RefusedUrl,
                         testing::Values("https://h.example/a b", "https://h.example/a\r\nX: y",
                                         "https://h.example/a\tb", "https://h.example/#fragment",
                                         "https://h.example/\x7F", "https://h.example/\xC3\xA4",
                                         "https://h.example/" + std::string(9000, 'a')));

TEST(Url, KeepsASlashInsideASegmentAndAtTheEnd) {
    EXPECT_EQ(Url::parse("https://h.example/users/a%2Fb")->path(), "/users/a%2Fb");
    EXPECT_EQ(Url::parse("https://h.example/users/")->path(), "/users/");
    EXPECT_EQ(Url::parse("https://h.example/a..b/...")->path(), "/a..b/...");
}

}  // namespace
}  // namespace quell::egress
