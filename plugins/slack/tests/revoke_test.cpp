// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "slack_test.hpp"

namespace slack {
namespace {

using quell::Status;
using ::testing::IsEmpty;
using nlohmann::json;

class SlackSessions : public SlackTest {
  protected:
    SlackSessions() { configure(R"({"sessions":"all"})"); }

    quell::testing::Answer resolve(std::string_view username) {
        return plugin_->call("session_revocation/1", "resolve", json{{"username", username}}.dump());
    }
    quell::testing::Answer revoke(std::string_view id = "U01ALICE") {
        return plugin_->call("session_revocation/1", "revoke",
                             json{{"user_ids", {id}}, {"reason", "phished"}, {"request_id", "r-1"}}.dump());
    }
    quell::testing::Exchange& expect_reset() { return host_.expect("POST", "/api/admin.users.session.reset"); }
    static json outcome(const quell::testing::Answer& answer) { return answer.reply.at("outcomes").at(0); }
};

// V79+
TEST_F(SlackSessions, AreEndedWithTheUserToken) {
    expect_reset().with_body(R"({"user_id":"U01ALICE","mobile_only":false,"web_only":false})").reply(200, R"({"ok":true})");

    EXPECT_EQ(outcome(revoke())["outcome"], "revoked");
    EXPECT_EQ(host_.requests().back().auth, "admin");
}

TEST_F(SlackSessions, MayBeThoseOfOneKindAlone) {
    configure(R"({"sessions":"mobile"})");
    expect_reset().with_body(R"({"mobile_only":true,"web_only":false})").reply(200, R"({"ok":true})");

    EXPECT_EQ(outcome(revoke())["result_metadata"]["sessions"], "mobile");
}

// V79+
TEST_F(SlackSessions, AreFoundByAddressOrId) {
    expect_lookup().reply(200, found(user()));
    expect_own();
    EXPECT_EQ(resolve("alice@corp.example").reply.at("accounts").at(0)["provider_user_id"], "U01ALICE");
    EXPECT_EQ(host_.requests().front().auth, "default");

    expect_info("U01ALICE").reply(200, found(user()));
    EXPECT_EQ(resolve("U01ALICE").reply.at("accounts").at(0)["login"], "alice@corp.example");

    expect_lookup("no@corp.example").reply(200, refusal("users_not_found"));
    EXPECT_THAT(resolve("no@corp.example").reply.at("accounts"), IsEmpty());

    EXPECT_EQ(resolve("alice").status(), Status::invalid_argument);
}

TEST_F(SlackSessions, AreNotEndedIfSlackRefuses) {
    const std::pair<std::string_view, std::string_view> cases[] = {{"missing_scope", "permission_denied"},
                                                                   {"not_an_enterprise", "failed_precondition"},
                                                                   {"feature_not_enabled", "failed_precondition"},
                                                                   {"ratelimited", "resource_exhausted"}};
    for (const auto& [error, status] : cases) {
        expect_reset().reply(200, refusal(error));
        const auto done = outcome(revoke());
        EXPECT_EQ(done["outcome"], "failed");
        EXPECT_EQ(done["error"]["status"], status) << error;
    }
}

TEST_F(SlackSessions, TellThatTheUserIsGone) {
    expect_reset().reply(200, refusal("user_not_found"));

    EXPECT_EQ(outcome(revoke())["outcome"], "user_not_found");
}

// PF-03
TEST_F(SlackSessions, MayHaveBeenEndedIfTheAnswerIsLost) {
    expect_reset().fail(quell::unavailable("connection lost"));
    EXPECT_EQ(revoke().status(), Status::unavailable);
    expect_reset().reply(500, "");
    EXPECT_EQ(revoke().status(), Status::unavailable);
    expect_reset().reply(200, "<html>");
    EXPECT_EQ(revoke().status(), Status::unavailable);
}

TEST_F(SlackSessions, AreNotEndedOfWhatIsNoUser) {
    EXPECT_EQ(outcome(revoke("U1\"x"))["error"]["status"], "invalid_argument");
    EXPECT_THAT(host_.requests(), IsEmpty());
}

}  // namespace
}  // namespace slack
