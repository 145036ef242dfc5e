// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "challenges/challenge_rig.hpp"

namespace quell::challenges {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;

json::Object with_callback() { return for_alice("callback_url", "https://hooks.example.com/quell"); }

TEST(ChallengeExpiry, EndsWhatNobodyAnsweredAndTellsTheCallbackOnce) {
    ChallengeRig rig;
    const json::Value challenge = rig.created(with_callback());
    rig.round();
    EXPECT_EQ(status_of(rig.look_up(challenge)), "initiated");
    rig.pass(minutes(15));

    rig.round();
    rig.round();

    EXPECT_EQ(rig.look_up(challenge).at("outcome").at("reason"), "no_answer");
    ASSERT_EQ(rig.callbacks().size(), 1U);
    EXPECT_EQ(rig.callbacks()[0].url, "https://hooks.example.com/quell");
    EXPECT_THAT(rig.rig().audited(TenantId("acme")), ElementsAre("challenge_created ok", "challenge_ended expired"));
    EXPECT_THAT(rig.metrics(), HasSubstr(R"(quell_challenges_ended_total{tenant="acme",state="expired"} 1)"));
}

TEST(ChallengeExpiry, SurvivesARestart) {
    ChallengeRig rig;
    const json::Value challenge = rig.created(with_callback());
    rig.restart();
    rig.pass(minutes(15));

    rig.round();
    rig.restart();
    rig.round();

    EXPECT_EQ(status_of(rig.look_up(challenge)), "expired");
    EXPECT_EQ(rig.callbacks().size(), 1U);
}

TEST(ChallengeExpiry, ComesToManyAtOnce) {
    ChallengeRig rig;
    rig.settings().max_open_per_target = 1000;
    rig.settings().max_hourly_per_target = 1000;
    for (int i = 0; i < 205; ++i) {
        rig.created(for_alice("expiry_minutes", 1));
    }
    rig.pass(minutes(1));

    rig.round();

    EXPECT_THAT(rig.metrics(), HasSubstr(R"(state="expired"} 205)"));
}

// V34: the callback and the end are one fact.
TEST(ChallengeEnd, DoesNotHappenWithoutItsCallback) {
    ChallengeRig rig;
    const json::Value challenge = rig.created(with_callback());
    rig.break_callbacks();

    EXPECT_FALSE(rig.answer(challenge, by_login(State::verified)).has_value());

    EXPECT_EQ(status_of(rig.look_up(challenge)), "initiated");
}

// V63: one record for every door.
TEST(ChallengeEnd, TellsTheCallbackTheRecordThatEverybodySees) {
    ChallengeRig rig;
    const json::Value challenge = rig.created(with_callback());

    rig.answered(challenge, by_login(State::verified));

    ASSERT_EQ(rig.callbacks().size(), 1U);
    const json::Value body = orders::OrderRig::must(json::parse(rig.callbacks()[0].body));
    EXPECT_EQ(body.at("type"), "challenge.verified");
    EXPECT_EQ(body.at("data"), rig.look_up(challenge));
}

TEST(ChallengeEnd, TellsNobodyWhereNoCallbackWasAskedFor) {
    ChallengeRig rig;

    rig.answered(rig.created(for_alice()), by_login(State::verified));

    EXPECT_TRUE(rig.callbacks().empty());
}

TEST(ChallengeWithdrawal, EndsAsExpiredAndSaysWhy) {
    ChallengeRig rig;
    const json::Value challenge = rig.created(with_callback());

    const json::Value ended = orders::OrderRig::must(rig.cancel(challenge));

    EXPECT_EQ(status_of(ended), "expired");
    EXPECT_EQ(ended.at("outcome").at("reason"), "cancelled");
    EXPECT_EQ(ended.at("outcome").at("by"), "client:agent");
    EXPECT_EQ(rig.callbacks().size(), 1U);
    EXPECT_EQ(rig.cancel(challenge).error()->key, "challenge_ended");
    EXPECT_EQ(rig.answer(challenge, by_login(State::verified)).error()->key, "challenge_ended");
}

TEST(ChallengeWithdrawal, TakesTheQuestionBack) {
    ChallengeRig rig;
    rig.channels().keys = {ConnectorKey("slack")};
    ASSERT_TRUE(rig.cancel(rig.created(for_alice("integration_type", "slack"))).has_value());

    rig.round();

    EXPECT_THAT(rig.channels().cancelled, ElementsAre("D1:170.1"));
    EXPECT_TRUE(rig.channels().closings.empty());
}

}  // namespace
}  // namespace quell::challenges
