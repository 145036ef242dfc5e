// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/redirect_uri.hpp"

#include <gtest/gtest.h>

namespace quell::identity {
namespace {

struct Case {
    std::string_view text;
    bool allowed;
};

class RedirectUriRules : public testing::TestWithParam<Case> {};

// V18
// E23
TEST_P(RedirectUriRules, DecideWhatMayBeRegistered) {
    EXPECT_EQ(RedirectUri::parse(GetParam().text).has_value(), GetParam().allowed) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Allowed, RedirectUriRules,
                         testing::Values(Case{"https://soar.example/callback", true},
                                         Case{"https://soar.example:8443/callback?x=1", true},
                                         Case{"https://soar.example", true}, Case{"https://192.0.2.7/cb", true},
                                         Case{"https://[2001:db8::1]/cb", true}, Case{"http://localhost/cb", true},
                                         Case{"http://localhost:5000/oauth/callback", true},
                                         Case{"http://127.0.0.1", true}, Case{"http://127.0.0.1:33418/", true},
                                         Case{"http://[::1]:8080/cb", true},
                                         Case{"cursor://anysphere.cursor-mcp/oauth/callback", true}));

INSTANTIATE_TEST_SUITE_P(
    Refused, RedirectUriRules,
    testing::Values(Case{"", false}, Case{"http://example.com/cb", false}, Case{"javascript:alert(1)", false},
                    Case{"data:text/html,x", false}, Case{"file:///etc/passwd", false},
                    Case{"https://soar.example/cb#fragment", false}, Case{"https://soar.example/cb#", false},
                    Case{"http://localhost:5000/cb#x", false}, Case{"https://user@soar.example/cb", false},
                    Case{"https://user:pw@soar.example/cb", false}, Case{"https://@soar.example/cb", false},
                    Case{"https://*.soar.example/cb", false}, Case{"https://soar.example/*", false},
                    Case{"//soar.example/cb", false}, Case{"/callback", false}, Case{"soar.example/cb", false},
                    Case{"https:soar.example/cb", false}, Case{"https:///cb", false}, Case{"https://", false},
                    Case{"https://soar.example:0/cb", false}, Case{"https://soar.example:99999/cb", false},
                    Case{"https://soar.example:/cb", false}, Case{"https://soar.example\\@evil.example/", false},
                    Case{"https://soar.example/a b", false}, Case{"https://soar.example/\r\nX: y", false},
                    Case{"https://soar.example;script-src/cb", false}, Case{"https://söar.example/cb", false},
                    Case{"HTTPS://soar.example/cb", false}, Case{"https://SOAR.example/cb", false}));

// Look-alikes of the loopback and of the one custom scheme.
INSTANTIATE_TEST_SUITE_P(
    LookAlikes, RedirectUriRules,
    testing::Values(Case{"http://localhost.evil.example/cb", false}, Case{"http://localhost@evil.example/cb", false},
                    Case{"http://localhost:80@evil.example/cb", false}, Case{"http://127.0.0.1.evil.example/", false},
                    Case{"http://127.0.0.2/cb", false}, Case{"http://127.1/cb", false},
                    Case{"http://2130706433/cb", false}, Case{"http://0x7f000001/cb", false},
                    Case{"http://0.0.0.0/cb", false}, Case{"http://[::]/cb", false},
                    Case{"http://[::ffff:127.0.0.1]/cb", false}, Case{"http://evil.example/localhost", false},
                    Case{"http://localhost%2eevil.example/cb", false}, Case{"http://localhost./cb", false},
                    Case{"cursor://anysphere.cursor-mcp/oauth/callback/", false},
                    Case{"cursor://anysphere.cursor-mcp/oauth/callback?x=1", false},
                    Case{"cursor://evil.cursor-mcp/oauth/callback", false},
                    Case{"Cursor://anysphere.cursor-mcp/oauth/callback", false},
                    Case{"cursor2://anysphere.cursor-mcp/oauth/callback", false}));

struct MatchCase {
    std::string_view registered;
    std::string_view presented;
    bool admitted;
};

class RedirectUriMatch : public testing::TestWithParam<MatchCase> {};

TEST_P(RedirectUriMatch, IsExactButForTheLoopbackPort) {
    const auto registered = RedirectUri::parse(GetParam().registered);
    const auto presented = RedirectUri::parse(GetParam().presented);
    ASSERT_TRUE(registered && presented);

    EXPECT_EQ(registered->admits(*presented), GetParam().admitted) << GetParam().presented;
}

INSTANTIATE_TEST_SUITE_P(
    Table, RedirectUriMatch,
    testing::Values(MatchCase{"https://soar.example/cb", "https://soar.example/cb", true},
                    MatchCase{"https://soar.example/cb", "https://soar.example/cb/", false},
                    MatchCase{"https://soar.example/cb", "https://soar.example/cb?x=1", false},
                    MatchCase{"https://soar.example/cb", "https://soar.example:8443/cb", false},
                    MatchCase{"https://soar.example/cb", "https://soar.example.evil.example/cb", false},
                    MatchCase{"http://localhost/cb", "http://localhost:49152/cb", true},
                    MatchCase{"http://localhost:5000/cb", "http://localhost:6000/cb", true},
                    MatchCase{"http://127.0.0.1:5000/cb", "http://127.0.0.1:6000/cb", true},
                    MatchCase{"http://[::1]/cb", "http://[::1]:6000/cb", true},
                    MatchCase{"http://localhost/cb", "http://127.0.0.1/cb", false},
                    MatchCase{"http://localhost/cb", "http://localhost:6000/other", false},
                    MatchCase{"http://localhost/cb", "http://localhost:6000/cb?x=1", false},
                    MatchCase{"http://localhost:5000/cb", "https://localhost:6000/cb", false},
                    MatchCase{"https://localhost:5000/cb", "https://localhost:6000/cb", false},
                    MatchCase{"cursor://anysphere.cursor-mcp/oauth/callback",
                              "cursor://anysphere.cursor-mcp/oauth/callback", true}));

TEST(RedirectUri, NamesWhatFormActionHasToAllow) {
    EXPECT_EQ(RedirectUri::parse("https://soar.example:8443/cb?x=1")->form_action_source(), "https://soar.example:8443");
    EXPECT_EQ(RedirectUri::parse("http://localhost:5000")->form_action_source(), "http://localhost:5000");
    EXPECT_EQ(RedirectUri::parse("http://[::1]:5000/cb")->form_action_source(), "http:");
    EXPECT_EQ(RedirectUri::parse("cursor://anysphere.cursor-mcp/oauth/callback")->form_action_source(), "cursor:");
}

TEST(RedirectUri, KnowsWhatStaysOnThisMachine) {
    EXPECT_TRUE(RedirectUri::parse("http://127.0.0.1/cb")->leads_to_this_machine());
    EXPECT_TRUE(RedirectUri::parse("https://localhost:5000/cb")->leads_to_this_machine());
    EXPECT_FALSE(RedirectUri::parse("https://soar.example/cb")->leads_to_this_machine());
    EXPECT_TRUE(RedirectUri::parse("cursor://anysphere.cursor-mcp/oauth/callback")->leads_to_this_machine());
}

}  // namespace
}  // namespace quell::identity
