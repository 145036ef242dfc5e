// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "okta_test.hpp"

namespace okta_sessions {
namespace {

using ::testing::HasSubstr;

class OktaHealth : public OktaTest {
  protected:
    nlohmann::json check() { return plugin_->call("health/1", "check", "{}").reply; }
    std::string message() { return check()["checks"][0]["message"].get<std::string>(); }
};

TEST_F(OktaHealth, IsWellWhenUsersCanBeRead) {
    expect_search().with_query("limit", "1").reply(200, "[]");

    EXPECT_EQ(check()["healthy"], true);
}

TEST_F(OktaHealth, NamesWhatIsMissing) {
    expect_search().reply(403, refusal("E0000006"));
    EXPECT_THAT(message(), HasSubstr("okta.users.read"));

    expect_search().reply(401, refusal("E0000011"));
    EXPECT_THAT(message(), HasSubstr("private_key"));
}

TEST_F(OktaHealth, TellsWhyNoTokenWasGiven) {
    expect_search().fail(quell::Error{quell::Status::failed_precondition, "invalid_scope"});

    const auto report = check();

    EXPECT_EQ(report["healthy"], false);
    EXPECT_THAT(report["checks"][0]["message"].get<std::string>(), HasSubstr("invalid_scope"));
}

TEST_F(OktaHealth, ChoosesTheCredentialsBySettings) {
    expect_search().reply(200, "[]");
    (void)check();
    EXPECT_EQ(host_.requests().back().auth, "default");

    plugin_ = host_.create(quell_plugin_entry, R"({"base_url":"https://acme.okta.example"})");
    expect_search().reply(200, "[]");
    (void)check();
    EXPECT_EQ(host_.requests().back().auth, "ssws");
}

TEST(OktaSettings, AreChecked) {
    quell::testing::FakeHost host;

    EXPECT_EQ(host.create(quell_plugin_entry, "{}"), nullptr);
    EXPECT_EQ(
        host.create(quell_plugin_entry, R"({"base_url":"https://x","revoke_oauth_tokens":"yes"})"),
        nullptr);
    EXPECT_EQ(host.create_error()->status, quell::Status::invalid_argument);
}

}  // namespace
}  // namespace okta_sessions
