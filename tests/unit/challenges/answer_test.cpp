// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "challenges/challenge_rig.hpp"

namespace quell::challenges {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;

json::Value slack_challenge(ChallengeRig& rig) {
    rig.channels().keys = {ConnectorKey("slack")};
    return rig.created(for_alice("integration_type", "slack"));
}

// V87+
TEST(ChallengeAnswer, LeadsFromInitiatedOverInProgressToOneEnd) {
    ChallengeRig rig;
    const json::Value challenge = rig.created(for_alice());

    orders::OrderRig::must_do(rig.rig().run(rig.challenges().begin(TenantId("acme"), ChallengeRig::id_of(challenge))));
    EXPECT_EQ(status_of(rig.look_up(challenge)), "in_progress");
    EXPECT_EQ(rig.answered(challenge, by_login(State::verified)), State::verified);

    const json::Value ended = rig.look_up(challenge);
    EXPECT_EQ(status_of(ended), "verified");
    EXPECT_FALSE(ended.at("ended_at").is_null());
    EXPECT_THAT(rig.rig().audited(TenantId("acme")),
                ElementsAre("challenge_created ok", "challenge_opened ok", "challenge_ended verified"));
}

// V89+
TEST(ChallengeAnswer, TellsHowIdentityWasProven) {
    ChallengeRig rig;
    const json::Value challenge = rig.created(for_alice());
    Answer answer = by_login(State::verified);
    answer.evidence = {{"issuer", "https://login.acme.example"}};
    answer.comment = "I am in Lisbon";

    rig.answered(challenge, answer);

    const json::Value ended = rig.look_up(challenge);
    const json::Value& outcome = ended.at("outcome");
    EXPECT_EQ(outcome.at("proof"), "openid_login");
    EXPECT_EQ(outcome.at("reason"), "answered");
    EXPECT_EQ(outcome.at("by"), "alice@corp.example");
    EXPECT_EQ(outcome.at("comment"), "I am in Lisbon");
    EXPECT_EQ(outcome.at("evidence").at("issuer"), "https://login.acme.example");
}

class SecondAnswer : public testing::TestWithParam<State> {};

TEST_P(SecondAnswer, ChangesNothing) {
    ChallengeRig rig;
    const json::Value challenge = rig.created(for_alice("callback_url", "https://hooks.example.com/"));
    ASSERT_TRUE(rig.answer(challenge, by_login(State::incident_reported)).has_value());
    const json::Value ended = rig.look_up(challenge);

    const auto again = rig.answer(challenge, by_login(GetParam()));

    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error()->key, "challenge_ended");
    EXPECT_EQ(rig.look_up(challenge), ended);
    EXPECT_EQ(rig.callbacks().size(), 1U);
    EXPECT_THAT(rig.rig().audited(TenantId("acme")), testing::Contains("challenge_answer_refused challenge_ended"));
}

INSTANTIATE_TEST_SUITE_P(All, SecondAnswer, testing::Values(State::verified, State::failed, State::incident_reported));

TEST(ChallengeAnswer, IsRefusedWhenTheTimeIsOverEvenIfNobodyHasWrittenThatDown) {
    ChallengeRig rig;
    const json::Value challenge = rig.created(for_alice());
    rig.pass(minutes(15));

    EXPECT_EQ(status_of(rig.look_up(challenge)), "expired");
    EXPECT_EQ(rig.answer(challenge, by_login(State::verified)).error()->key, "challenge_expired");
}

TEST(ChallengeAnswer, CountsFromTheTargetAlone) {
    ChallengeRig rig;
    const json::Value challenge = rig.created(for_alice());

    EXPECT_EQ(rig.answer(challenge, by_login(State::verified, "mallory@corp.example")).error()->key, "not_the_target");
    EXPECT_EQ(rig.answer(challenge, by_login(State::incident_reported, "mallory@corp.example")).error()->key,
              "not_the_target");
    EXPECT_EQ(rig.answer(challenge, {.state = State::verified, .proof = Proof::none}).error()->key, "proof_required");
    EXPECT_EQ(rig.answer(challenge, in_slack(State::verified)).error()->key, "proof_required");
    EXPECT_EQ(status_of(rig.look_up(challenge)), "initiated");
    EXPECT_TRUE(rig.answer(challenge, by_login(State::verified, "Alice@Corp.example")).has_value());
}

TEST(ChallengeAnswer, MustFitEveryNameThatTheChallengeGives) {
    ChallengeRig rig;
    json::Object arguments = for_alice("target_user_id", "alice@corp.example");
    const json::Value challenge = rig.created(arguments);
    Answer answer = by_login(State::verified);

    EXPECT_EQ(rig.answer(challenge, answer).error()->key, "not_the_target");
    answer.person.user_id = "alice@corp.example";
    EXPECT_TRUE(rig.answer(challenge, answer).has_value());
}

TEST(ChallengeAnswer, MayBeAReportOfAnIncidentByWhoeverHoldsTheUrl) {
    ChallengeRig rig;
    const json::Value challenge = rig.created(for_alice());

    rig.answered(challenge, {.state = State::incident_reported, .proof = Proof::none});

    EXPECT_EQ(status_of(rig.look_up(challenge)), "incident_reported");
    EXPECT_EQ(rig.look_up(challenge).at("outcome").at("proof"), "none");
}

TEST(ChallengeAnswer, IsForItsOwnTenantAlone) {
    ChallengeRig rig;
    const json::Value challenge = rig.created(for_alice());

    EXPECT_EQ(rig.answer(challenge, by_login(State::verified), "globex").error()->key, "challenge_not_found");
}

// --- channels

// SL-05
TEST(ChallengeAnswerInSlack, CountsFromTheAccountThatWasAskedAndItsConnectorAlone) {
    ChallengeRig rig;
    const json::Value challenge = slack_challenge(rig);
    Answer elsewhere = in_slack(State::verified);
    elsewhere.channel = ConnectorKey("other");

    EXPECT_EQ(rig.answer(challenge, in_slack(State::verified, "U0MALLORY")).error()->key, "not_the_target");
    EXPECT_EQ(rig.answer(challenge, elsewhere).error()->key, "proof_required");
    EXPECT_EQ(rig.answer(challenge, by_login(State::verified)).error()->key, "proof_required");
    EXPECT_EQ(status_of(rig.look_up(challenge)), "initiated");
    EXPECT_TRUE(rig.answer(challenge, in_slack(State::verified)).has_value());
    EXPECT_EQ(rig.look_up(challenge).at("outcome").at("proof"), "channel_account");
}

// V88+
TEST(ChallengeAnswerInSlack, BringsTheMessageToTheEndState) {
    ChallengeRig rig;
    const json::Value challenge = slack_challenge(rig);
    rig.answered(challenge, in_slack(State::incident_reported));

    rig.round();
    rig.round();

    ASSERT_EQ(rig.channels().closings.size(), 1U);
    EXPECT_EQ(rig.channels().closings[0].state, State::incident_reported);
    EXPECT_EQ(rig.channels().closings[0].message, "D1:170.1");
}

TEST(ChallengeAnswerInSlack, IsShownLaterWhileTheProviderIsAway) {
    ChallengeRig rig;
    const json::Value challenge = slack_challenge(rig);
    rig.answered(challenge, in_slack(State::verified));
    rig.channels().failure = Error(Code::unavailable, "http_503", "away").retryable();

    rig.round();
    rig.round();
    EXPECT_EQ(rig.channels().closings.size(), 1U);
    rig.channels().failure.reset();
    rig.pass(std::chrono::seconds(10));
    rig.round();
    rig.pass(minutes(60));
    rig.round();

    EXPECT_EQ(rig.channels().closings.size(), 2U);
}

TEST(ChallengeAnswerInSlack, FailsWithAnotherNumberThanTheRequesterSees) {
    ChallengeRig rig;
    rig.settings().number_match = true;
    const json::Value challenge = slack_challenge(rig);
    Answer answer = in_slack(State::verified);
    answer.number = "1";

    EXPECT_EQ(rig.answered(challenge, answer), State::failed);

    EXPECT_EQ(rig.look_up(challenge).at("outcome").at("reason"), "wrong_number");
    answer.number = text_of(challenge.at("match_number"));
    EXPECT_EQ(rig.answer(challenge, answer).error()->key, "challenge_ended");
}

TEST(ChallengeAnswerInSlack, VerifiesWithTheNumberThatTheRequesterSees) {
    ChallengeRig rig;
    rig.settings().number_match = true;
    const json::Value challenge = slack_challenge(rig);
    Answer answer = in_slack(State::verified);
    answer.number = text_of(challenge.at("match_number"));

    EXPECT_EQ(rig.answered(challenge, answer), State::verified);
}

TEST(ChallengeAnswerInSlack, NeedsNoNumberToReportAnIncident) {
    ChallengeRig rig;
    rig.settings().number_match = true;

    EXPECT_EQ(rig.answered(slack_challenge(rig), in_slack(State::incident_reported)),
              State::incident_reported);
}

}  // namespace
}  // namespace quell::challenges
