// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "slack_test.hpp"

namespace slack {
namespace {

using quell::Status;
using ::testing::HasSubstr;
using ::testing::Not;
using nlohmann::json;

class SlackNotice : public SlackTest {
  protected:
    static json notice(json recipient) {
        return {{"recipient", std::move(recipient)}, {"title", "Approval wanted"}, {"text", "read <!here> a secret"},
                {"fields", {{{"name", "Secret"}, {"value", "prod/db"}}}}};
    }
    quell::testing::Answer notify(const json& request) {
        return plugin_->call("notification_channel/1", "notify", request.dump());
    }
    json blocks() const { return json::parse(host_.requests().back().body).at("blocks"); }
};

TEST_F(SlackNotice, GoesToAPersonInADirectMessage) {
    expect_lookup().reply(200, found(user()));
    expect_own();
    expect_conversation();
    expect_post();

    EXPECT_EQ(notify(notice({{"email", "alice@corp.example"}})).reply.at("message"), "D01ALICE:1700000000.000100");
    EXPECT_THAT(blocks().dump(), HasSubstr("Secret: prod/db"));
    EXPECT_THAT(blocks().dump(), Not(HasSubstr("mrkdwn")));
    EXPECT_THAT(blocks().dump(), Not(HasSubstr("button")));
}

TEST_F(SlackNotice, GoesToAChannel) {
    expect_post("#soc").reply(200, R"({"ok":true,"channel":"C01SOC","ts":"1.2"})");

    EXPECT_EQ(notify(notice({{"channel", "#soc"}})).reply.at("message"), "C01SOC:1.2");
}

TEST_F(SlackNotice, OffersToDecideAboutAnApproval) {
    auto request = notice({{"channel", "C01SOC"}});
    request["approval_id"] = "appr_01";
    request["link"] = "https://quell.example/mcp/approvals";
    expect_post("C01SOC");

    (void)notify(request);

    const std::string card = blocks().dump();
    EXPECT_THAT(card, HasSubstr("quell.approval.approve"));
    EXPECT_THAT(card, HasSubstr("quell.approval.deny"));
    EXPECT_THAT(card, HasSubstr("https://quell.example/mcp/approvals"));
}

TEST_F(SlackNotice, LeadsNowhereButToTheWeb) {
    auto request = notice({{"channel", "C01SOC"}});
    request["link"] = "javascript:alert(1)";
    expect_post("C01SOC");

    (void)notify(request);

    EXPECT_THAT(blocks().dump(), Not(HasSubstr("javascript")));
}

TEST_F(SlackNotice, TakesThePlaceOfAnEarlierOne) {
    auto request = notice({{"channel", "C01SOC"}});
    request["replaces"] = "C01SOC:1.2";
    host_.expect("POST", "/api/chat.update").with_body(R"({"channel":"C01SOC","ts":"1.2"})").reply(200, R"({"ok":true})");

    EXPECT_EQ(notify(request).reply.at("message"), "C01SOC:1.2");
}

TEST_F(SlackNotice, TellsThatTheAppIsNotInTheChannel) {
    host_.expect("POST", "/api/chat.postMessage").reply(200, refusal("not_in_channel"));

    EXPECT_EQ(notify(notice({{"channel", "#soc"}})).status(), Status::permission_denied);
}

}  // namespace
}  // namespace slack
