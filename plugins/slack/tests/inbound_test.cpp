// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "inbound_request.hpp"

namespace slack {
namespace {

using ::testing::HasSubstr;
using nlohmann::json;

// PROVIDERS.md 6: the published vector's secret and base string
TEST(SlackSignature, IsTheHmacOverTheVersionTheTimeAndTheBody) {
    constexpr std::string_view kBody =
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

    EXPECT_EQ(quell::hex(quell::hmac_sha256("8f742231b10e8888abcd99yyyzzz85a5", "v0:1531420618:" + std::string(kBody))),
              "a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");
}

TEST_F(SlackInbound, TakesAPressedButtonForAnAnswer) {
    const auto reply = deliver(interaction(press("quell.challenge.verify")));

    EXPECT_EQ(status(reply), 200);
    const json& event = reply.at("events").at(0);
    EXPECT_EQ(event["type"], "challenge_answered");
    EXPECT_EQ(event["challenge_id"], kChallengeId);
    EXPECT_EQ(event["answer"], "verified");
    EXPECT_EQ(event["number"], "47");
    EXPECT_EQ(event["context"], "was asleep");
    EXPECT_EQ(event["provider_user_id"], "U01ALICE");
}

TEST_F(SlackInbound, TakesTheOtherButtonForAReport) {
    EXPECT_EQ(deliver(interaction(press("quell.challenge.report"))).at("events").at(0)["answer"], "incident_reported");
}

TEST_F(SlackInbound, TakesAnApprovalsButtonsForDecisions) {
    const json approved = deliver(interaction(press("quell.approval.approve", "appr_01"))).at("events").at(0);
    EXPECT_EQ(approved["type"], "approval_decided");
    EXPECT_EQ(approved["decision"], "approve");
    EXPECT_EQ(approved["approval_id"], "appr_01");
    EXPECT_EQ(approved["reason"], "INC-7");
    EXPECT_EQ(approved["message"], "D01ALICE:1700000000.000100");

    EXPECT_EQ(deliver(interaction(press("quell.approval.deny", "appr_01"))).at("events").at(0)["decision"], "deny");
}

// SL-01
TEST_F(SlackInbound, RefusesABadSignature) {
    const std::string body = interaction(press("quell.challenge.verify"));
    const std::string stamp = std::to_string(kNow);
    std::string upper = sign(stamp, body);
    upper[5] = upper[5] == 'a' ? 'b' : 'a';
    for (const std::string& signature : {std::string(), std::string("v0="), upper, sign(stamp, body).substr(3),
                                         sign(stamp, body, "another secret"), sign(stamp, body + " "),
                                         sign(std::to_string(kNow - 1), body), sign(stamp, body) + "0"}) {
        const auto reply = deliver(body, {stamp, signature});
        EXPECT_EQ(status(reply), 401) << signature;
        EXPECT_TRUE(did_nothing(reply));
    }
    EXPECT_EQ(status(deliver(body + "&x=1", {stamp, sign(stamp, body)})), 401);
}

// SL-02: and a stamp from the future, which bolt-js takes
TEST_F(SlackInbound, RefusesATimeStampThatIsMoreThanFiveMinutesOff) {
    const std::string body = interaction(press("quell.challenge.verify"));
    for (const std::int64_t off : {-301, 301, -100'000}) {
        const std::string stamp = std::to_string(kNow + off);
        EXPECT_EQ(status(deliver(body, {stamp, sign(stamp, body)})), 401) << off;
    }
    for (const std::int64_t off : {-300, 300, 0}) {
        const std::string stamp = std::to_string(kNow + off);
        EXPECT_EQ(status(deliver(body, {stamp, sign(stamp, body)})), 200) << off;
    }
}

// SL-02
TEST_F(SlackInbound, RefusesATimeStampThatIsNone) {
    const std::string body = interaction(press("quell.challenge.verify"));
    for (const std::string& stamp : {std::string(), std::string("+1800000000"), std::string("1800000000 "),
                                     std::string("1.8e9"), std::string("99999999999999999999"), std::string("-1")})
        EXPECT_EQ(status(deliver(body, {stamp, sign(stamp, body)})), 401) << stamp;
}

// SL-03: the host acts once on one id
TEST_F(SlackInbound, GivesAReplayTheSameIdAndAnotherPressAnother) {
    const std::string body = interaction(press("quell.challenge.verify"));
    const std::string later = std::to_string(kNow - 1);

    const json first = deliver(body).at("events").at(0)["event_id"];

    EXPECT_EQ(deliver(body).at("events").at(0)["event_id"], first);
    EXPECT_NE(deliver(body, {later, sign(later, body)}).at("events").at(0)["event_id"], first);
}

TEST_F(SlackInbound, DoesNothingForWhatIsNoButtonOfOurs) {
    EXPECT_TRUE(did_nothing(deliver(interaction(press("quell.open")))));
    EXPECT_TRUE(did_nothing(deliver(interaction(press("quell.challenge.verify", "../x")))));
    auto payload = press("quell.challenge.verify");
    payload["actions"].push_back(payload["actions"][0]);
    EXPECT_TRUE(did_nothing(deliver(interaction(payload))));
    payload = press("quell.challenge.verify");
    payload["type"] = "view_submission";
    EXPECT_TRUE(did_nothing(deliver(interaction(payload))));
    payload = press("quell.challenge.verify");
    payload["user"]["id"] = "alice";
    EXPECT_TRUE(did_nothing(deliver(interaction(payload))));
    EXPECT_TRUE(did_nothing(deliver("ssl_check=1")));
}

TEST_F(SlackInbound, RefusesWhatCannotBeRead) {
    for (const std::string& body : {std::string("payload=%7B"), std::string("payload=%zz"), std::string("a=1&a=2"),
                                    form({{"payload", R"({"user":1,"user":2})"}})})
        EXPECT_EQ(status(deliver(body)), 400) << body;
}

TEST_F(SlackInbound, TakesPostAlone) {
    EXPECT_EQ(status(deliver("", Headers{}, "GET")), 405);
}

TEST_F(SlackInbound, ListensToItsOwnWorkspaceAlone) {
    configure(R"({"signing_secret":"canary-signing-secret","team_id":"T02OTHER"})");

    EXPECT_TRUE(did_nothing(deliver(interaction(press("quell.challenge.verify")))));
}

TEST_F(SlackInbound, AnswersTheQuestionWhetherTheAddressIsOurs) {
    Headers headers;
    const std::string body = R"({"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV"})";
    headers.content_type = "application/json";
    headers.signature = sign(headers.stamp, body);

    EXPECT_THAT(deliver(body, headers).at("response").at("body").get<std::string>(), HasSubstr("3eZbrw1aBm2rZgRNFdxV"));
}

}  // namespace
}  // namespace slack
