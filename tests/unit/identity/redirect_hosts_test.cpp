// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/redirect_hosts.hpp"

#include <gmock/gmock.h>

namespace quell::identity {
namespace {

using ::testing::HasSubstr;

struct Case {
    std::string_view uri;
    bool allowed;
};

class KnownClients : public testing::TestWithParam<Case> {};

// E13
TEST_P(KnownClients, AreTheVendorsHostsAndThePersonsOwnMachine) {
    const auto uri = RedirectUri::parse(GetParam().uri);
    ASSERT_TRUE(uri) << GetParam().uri;

    EXPECT_EQ(may_lead_to(known_clients_only(), *uri), GetParam().allowed) << GetParam().uri;
}

INSTANTIATE_TEST_SUITE_P(
    Allowed, KnownClients,
    testing::Values(Case{"https://claude.ai/api/mcp/auth_callback", true}, Case{"https://x.anthropic.com/cb", true},
                    Case{"https://a.b.anthropic.com/cb", true}, Case{"https://cowork.ai/cb", true},
                    Case{"https://app.cowork.ai/cb", true}, Case{"https://cursor.com/cb", true},
                    Case{"https://www.cursor.com/agents/cb", true}, Case{"https://cursor.sh/cb", true},
                    Case{"https://x.cursor.sh/cb", true}, Case{"https://openai.com/cb", true},
                    Case{"https://x.openai.com/cb", true}, Case{"https://chatgpt.com/connector/cb", true},
                    Case{"https://x.chatgpt.com/cb", true}, Case{"https://continue.dev/cb", true},
                    Case{"https://x.continue.dev/cb", true}, Case{"https://zed.dev/cb", true},
                    Case{"https://x.zed.dev/cb", true}, Case{"https://windsurf.com/cb", true},
                    Case{"https://x.windsurf.com/cb", true}, Case{"https://codeium.com/cb", true},
                    Case{"https://x.codeium.com/cb", true}, Case{"http://127.0.0.1:33418/cb", true},
                    Case{"http://localhost:1/cb", true}, Case{"http://[::1]:9/cb", true},
                    Case{"https://localhost:5000/oauth/callback", true},
                    Case{"cursor://anysphere.cursor-mcp/oauth/callback", true}));

INSTANTIATE_TEST_SUITE_P(
    LookAlikes, KnownClients,
    testing::Values(Case{"https://evilclaude.ai/cb", false}, Case{"https://claude.ai.evil.com/cb", false},
                    Case{"https://claude.ai./cb", false}, Case{"https://sub.claude.ai/cb", false},
                    Case{"https://anthropic.com/cb", false}, Case{"https://evilanthropic.com/cb", false},
                    Case{"https://anthropic.com.evil.com/cb", false}, Case{"https://xcursor.com/cb", false},
                    Case{"https://cursor.com.evil.example/cb", false}, Case{"https://openai.com-evil.example/cb", false},
                    Case{"https://chatgpt.com.co/cb", false}, Case{"https://evil.example/claude.ai", false},
                    Case{"https://evil.example/?claude.ai", false}, Case{"https://soar.example/cb", false},
                    Case{"https://.cursor.com/cb", false}, Case{"https://dev/cb", false}));

TEST(RedirectHosts, AreEveryHttpsHostIfNothingIsSaid) {
    EXPECT_TRUE(may_lead_to({}, RedirectUri::parse("https://anything.example/cb").value()));
}

TEST(RedirectHosts, AreThoseOfTheListAndThePersonsOwnMachine) {
    const config::RedirectHosts list{.any = false, .known_clients = false, .hosts = {"soar.example", "*.corp.example"}};
    const auto allows = [&](std::string_view uri) { return may_lead_to(list, RedirectUri::parse(uri).value()); };

    EXPECT_TRUE(allows("https://soar.example/cb"));
    EXPECT_TRUE(allows("https://a.corp.example/cb"));
    EXPECT_TRUE(allows("http://localhost/cb"));
    EXPECT_FALSE(allows("https://corp.example/cb"));
    EXPECT_FALSE(allows("https://evilcorp.example/cb"));
    EXPECT_FALSE(allows("https://claude.ai/cb"));
}

// Cursor registers three URIs at once: one bad one must not hide the reason.
TEST(RegistrableUris, NameTheOneThatIsRefusedAndWhy) {
    const auto refused = registrable_uris({"https://soar.example/cb", "http://evil.example/\"x", "javascript:x"}, {});

    EXPECT_EQ(refused.error()->key, "invalid_redirect_uri");
    EXPECT_THAT(refused.error()->message, HasSubstr("redirect_uris[1]"));
    EXPECT_THAT(refused.error()->message, HasSubstr("http://evil.example/?x"));
    EXPECT_THAT(refused.error()->message, HasSubstr("must not have"));
}

TEST(RegistrableUris, NameTheHostRule) {
    const auto refused = registrable_uris({"https://soar.example/cb"}, known_clients_only());

    EXPECT_EQ(refused.error()->key, "invalid_redirect_uri");
    EXPECT_THAT(refused.error()->message, HasSubstr("administrator"));
}

TEST(RegistrableUris, StayInTheirOrder) {
    const auto uris = registrable_uris({"http://localhost:8787/callback", "cursor://anysphere.cursor-mcp/oauth/callback"},
                                       known_clients_only());

    ASSERT_TRUE(uris);
    EXPECT_EQ(uris->front().text(), "http://localhost:8787/callback");
}

}  // namespace
}  // namespace quell::identity
