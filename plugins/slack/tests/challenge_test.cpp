// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "slack_test.hpp"

namespace slack {
namespace {

using quell::Status;
using ::testing::HasSubstr;
using ::testing::Not;
using nlohmann::json;

class SlackChallenge : public SlackTest {
  protected:
    static json challenge() {
        return {{"challenge_id", kChallengeId}, {"target", {{"email", "alice@corp.example"}}},
                {"requester", {{"label", "Bob <!channel>"}}}, {"context", "a sign-in *from* <https://evil.example|here>"},
                {"expires_at", "2026-01-01T00:15:00Z"}};
    }

    quell::testing::Answer send(const json& request) { return plugin_->call("challenge_channel/1", "send", request.dump()); }

    quell::testing::Answer end(std::string_view state, std::string_view message = "D01ALICE:1700000000.000100") {
        return plugin_->call("challenge_channel/1", "update",
                             json{{"challenge_id", kChallengeId}, {"message", message}, {"state", state},
                                  {"requester", {{"label", "Bob"}}}}.dump());
    }

    json sent_body() const { return json::parse(host_.requests().back().body); }
    json blocks() const { return sent_body().at("blocks"); }

    void expect_send() {
        expect_lookup().reply(200, found(user()));
        expect_own();
        expect_conversation();
        expect_post();
    }
};

TEST_F(SlackChallenge, IsADirectMessageWithTwoButtonsAndAPlaceForWords) {
    expect_send();

    const auto sent = send(challenge()).reply;

    EXPECT_EQ(sent.at("message"), "D01ALICE:1700000000.000100");
    EXPECT_EQ(sent.at("target_user_id"), "U01ALICE");
    const std::string card = blocks().dump();
    EXPECT_THAT(card, HasSubstr("quell.challenge.verify"));
    EXPECT_THAT(card, HasSubstr("quell.challenge.report"));
    EXPECT_THAT(card, HasSubstr(std::string(kChallengeId)));
    EXPECT_THAT(card, HasSubstr("plain_text_input"));
    EXPECT_THAT(card, Not(HasSubstr("\"number\"")));
}

// V38
TEST_F(SlackChallenge, HasTheBotAsItsRequesterIfNobodyIsGiven) {
    expect_send();

    EXPECT_EQ(send(challenge()).reply.at("requester_user_id"), "U0BOT");
    EXPECT_THAT(blocks().dump(), HasSubstr("<@U0BOT>"));
}

// V38
TEST_F(SlackChallenge, HasTheRequesterThatIsGiven) {
    auto request = challenge();
    request["requester"]["provider_user_id"] = "U02BOB";
    expect_lookup().reply(200, found(user()));
    expect_own();
    expect_info("U02BOB").reply(200, found(user("U02BOB", "bob@corp.example")));
    expect_conversation();
    expect_post();

    EXPECT_EQ(send(request).reply.at("requester_user_id"), "U02BOB");
}

// V36
TEST_F(SlackChallenge, IsSentAlsoIfSlackDoesNotKnowTheRequestersAddress) {
    auto request = challenge();
    request["requester"]["email"] = "soar@corp.example";
    expect_lookup().reply(200, found(user()));
    expect_own();
    expect_lookup("soar@corp.example").reply(200, refusal("users_not_found"));
    expect_conversation();
    expect_post();

    EXPECT_EQ(send(request).reply.at("requester_user_id"), nullptr);
}

// V33: and none of it is markup
TEST_F(SlackChallenge, ShowsWhatIsSaidAsPlainText) {
    expect_send();
    (void)send(challenge());

    for (const json& block : blocks()) {
        if (block.at("type") == "context") {
            EXPECT_THAT(block.dump(), Not(HasSubstr("channel")));
        } else if (block.contains("text")) {
            EXPECT_EQ(block.at("text").at("type"), "plain_text");
        }
    }
    EXPECT_THAT(blocks().dump(), HasSubstr("evil.example"));
}

TEST_F(SlackChallenge, AsksForTheNumberIfOneIsToBeMatched) {
    auto request = challenge();
    request["number_match"] = true;
    expect_send();

    (void)send(request);

    EXPECT_THAT(blocks().dump(), HasSubstr(R"("block_id":"number")"));
}

TEST_F(SlackChallenge, IsNotSentToNobodyADeactivatedUserOrABot) {
    expect_lookup().reply(200, refusal("users_not_found"));
    EXPECT_EQ(send(challenge()).status(), Status::not_found);

    auto gone = user();
    gone["deleted"] = true;
    expect_lookup().reply(200, found(gone));
    expect_own();
    EXPECT_EQ(send(challenge()).status(), Status::not_found);

    auto bot = user();
    bot["is_bot"] = true;
    expect_lookup().reply(200, found(bot));
    EXPECT_EQ(send(challenge()).status(), Status::not_found);
}

// Somebody else's Slack may call any of its users alice@corp.example.
TEST_F(SlackChallenge, IsNotSentToAUserOfAnotherWorkspace) {
    auto other = user();
    other["team_id"] = "T99EVIL";
    expect_lookup().reply(200, found(other));
    expect_own();

    EXPECT_EQ(send(challenge()).status(), Status::not_found);
}

TEST_F(SlackChallenge, IsNotSentToAnIdThatIsNone) {
    auto request = challenge();
    request["target"] = {{"provider_user_id", "U1&scope=x"}};
    EXPECT_EQ(send(request).status(), Status::invalid_argument);
    request = challenge();
    request["challenge_id"] = "a b";
    EXPECT_EQ(send(request).status(), Status::invalid_argument);
}

// V87+, V88+
TEST_F(SlackChallenge, IsReplacedByItsEnd) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"verified", "Confirmed"}, {"failed", "Not confirmed"}, {"expired", "Too late"}, {"incident_reported", "Reported"}};
    for (const auto& [state, title] : cases) {
        host_.expect("POST", "/api/chat.update")
            .with_body(R"({"channel":"D01ALICE","ts":"1700000000.000100"})")
            .reply(200, R"({"ok":true})");
        EXPECT_TRUE(end(state).ok());
        EXPECT_THAT(blocks().dump(), HasSubstr(std::string(title)));
        EXPECT_THAT(blocks().dump(), Not(HasSubstr("button")));
    }
}

TEST_F(SlackChallenge, MayBeGoneWhenItEnds) {
    host_.expect("POST", "/api/chat.update").reply(200, refusal("message_not_found"));

    EXPECT_TRUE(end("expired").ok());
}

TEST_F(SlackChallenge, IsNotLookedForOutsideOfSlack) {
    for (const std::string_view message : {"", "D01", "D01:1", "D01:1.x", "../x:1.1"})
        EXPECT_EQ(end("expired", message).status(), Status::invalid_argument) << message;
}

TEST_F(SlackChallenge, IsTakenBack) {
    host_.expect("POST", "/api/chat.update").reply(200, R"({"ok":true})");

    EXPECT_TRUE(plugin_->call("challenge_channel/1", "cancel",
                              json{{"challenge_id", kChallengeId}, {"message", "D01ALICE:1700000000.000100"}}.dump())
                    .ok());
    EXPECT_THAT(blocks().dump(), HasSubstr("Withdrawn"));
}

TEST_F(SlackChallenge, FailsByWhatSlackSays) {
    const std::pair<std::string_view, Status> cases[] = {
        {"invalid_auth", Status::unauthenticated}, {"token_revoked", Status::unauthenticated},
        {"account_inactive", Status::unauthenticated}, {"channel_not_found", Status::not_found},
        {"ratelimited", Status::resource_exhausted}, {"fatal_error", Status::unavailable},
        {"internal_error", Status::unavailable}, {"something_new", Status::unknown}};
    for (const auto& [error, status] : cases) {
        expect_lookup().reply(200, refusal(error));
        const auto answer = send(challenge());
        EXPECT_EQ(answer.status(), status) << error;
        EXPECT_EQ(answer.error->provider_code, error);
    }
}

TEST_F(SlackChallenge, NamesTheScopeThatIsMissing) {
    expect_lookup().reply(200, R"({"ok":false,"error":"missing_scope","needed":"users:read.email","provided":"x"})");

    const auto answer = send(challenge());

    EXPECT_EQ(answer.status(), Status::permission_denied);
    EXPECT_THAT(answer.error->message, HasSubstr("users:read.email"));
}

// PF-01
TEST_F(SlackChallenge, TellsWhenToComeBackAtARateLimit) {
    expect_lookup().reply(429, "", {{"retry-after", "30"}});

    const auto answer = send(challenge());

    EXPECT_EQ(answer.status(), Status::resource_exhausted);
    EXPECT_EQ(answer.error->retry_after, std::chrono::seconds{30});
}

// PF-04
TEST_F(SlackChallenge, TakesNoAnswerForASuccessThatDoesNotSaySo) {
    for (const std::string_view body : {"", "<html>", "{}", R"({"ok":"true"})", R"({"ok":true})"}) {
        expect_lookup().reply(200, std::string(body));
        EXPECT_EQ(send(challenge()).status(), Status::unavailable) << body;
    }
}

TEST_F(SlackChallenge, IsPostedOnceWhateverBecomesOfTheAnswer) {
    expect_lookup().reply(200, found(user()));
    expect_own();
    expect_conversation();
    host_.expect("POST", "/api/chat.postMessage").fail(quell::unavailable("connection lost"));

    EXPECT_EQ(send(challenge()).status(), Status::unavailable);
    EXPECT_FALSE(host_.requests().back().idempotent);
}

}  // namespace
}  // namespace slack
