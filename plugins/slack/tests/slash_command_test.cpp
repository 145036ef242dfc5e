// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "inbound_request.hpp"

namespace slack {
namespace {

using ::testing::HasSubstr;
using nlohmann::json;

class SlackCommand : public SlackInbound {
  protected:
    json run(const std::string& text, const std::string& command = "/challenge") {
        return deliver(form({{"command", command}, {"text", text}, {"user_id", "U02BOB"}, {"user_name", "alice"},
                             {"team_id", "T01CORP"}, {"response_url", "https://hooks.slack.example/x"}}));
    }
    static std::string told(const json& reply) {
        const json answer = json::parse(reply.at("response").at("body").get<std::string>());
        EXPECT_EQ(answer["response_type"], "ephemeral");
        return answer["text"].get<std::string>();
    }
};

// V42
TEST_F(SlackCommand, HasWhoeverRanItAsRequester) {
    const auto reply = run("<@U01ALICE|alice> who &lt;called&gt; &amp;amp; why");

    const json& event = reply.at("events").at(0);
    EXPECT_EQ(event["type"], "challenge_requested");
    EXPECT_EQ(event["provider_user_id"], "U02BOB");
    EXPECT_EQ(event["target"]["provider_user_id"], "U01ALICE");
    EXPECT_EQ(event["context"], "who <called> &amp; why");
    EXPECT_THAT(told(reply), HasSubstr("message"));
}

TEST_F(SlackCommand, TakesAnAddress) {
    for (const std::string text : {"alice@corp.example", "<mailto:alice@corp.example|alice@corp.example>"}) {
        const json event = run(text).at("events").at(0);
        EXPECT_EQ(event["target"]["email"], "alice@corp.example");
        EXPECT_FALSE(event.contains("context"));
    }
}

TEST_F(SlackCommand, SaysHowToWriteItOtherwise) {
    for (const std::string text : {"", "   ", "alice", "<@alice>", "@corp.example", "a@b@c", "<#C01|general>", "<!channel>"}) {
        const auto reply = run(text);
        EXPECT_TRUE(did_nothing(reply)) << text;
        EXPECT_THAT(told(reply), HasSubstr("/challenge @name"));
    }
    EXPECT_TRUE(did_nothing(run("alice@corp.example", "/approve")));
}

TEST_F(SlackCommand, IsTakenFromTheOwnWorkspaceAlone) {
    configure(R"({"signing_secret":"canary-signing-secret","team_id":"T02OTHER"})");

    EXPECT_TRUE(did_nothing(run("alice@corp.example")));
}

}  // namespace
}  // namespace slack
