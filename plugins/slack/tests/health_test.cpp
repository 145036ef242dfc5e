// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "slack_test.hpp"

namespace slack {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using nlohmann::json;

class SlackHealth : public SlackTest {
  protected:
    json check() { return plugin_->call("health/1", "check", "{}").reply; }
    quell::testing::Exchange& expect_test(std::string scopes) {
        return host_.expect("POST", "/api/auth.test").reply(200, R"({"ok":true})", {{"x-oauth-scopes", std::move(scopes)}});
    }
};

TEST_F(SlackHealth, IsGoodWithAllScopes) {
    expect_test("users:read,users:read.email, chat:write,im:write,commands");

    EXPECT_EQ(check()["healthy"], true);
}

TEST_F(SlackHealth, NamesTheScopesThatAreMissing) {
    expect_test("users:read,chat:write,commands");

    const auto report = check();

    EXPECT_EQ(report["healthy"], false);
    EXPECT_THAT(report["checks"][0]["message"].get<std::string>(), HasSubstr("users:read.email, im:write"));
}

TEST_F(SlackHealth, TellsOfADeadToken) {
    host_.expect("POST", "/api/auth.test").reply(200, refusal("token_revoked"));

    EXPECT_THAT(check()["checks"][0]["message"].get<std::string>(), HasSubstr("bot_token"));
}

TEST_F(SlackHealth, LooksAtBothTokensOfTheAppThatEndsSessions) {
    configure("{}");
    expect_test("users:read,users:read.email");
    expect_test("admin.users:write");

    const auto report = check();

    EXPECT_EQ(report["healthy"], true);
    EXPECT_THAT(report["checks"], SizeIs(2));
    EXPECT_EQ(host_.requests().back().auth, "admin");
}

}  // namespace
}  // namespace slack
