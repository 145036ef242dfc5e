// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "challenges/challenge_rig.hpp"

namespace quell::challenges {
namespace {

using std::chrono::minutes;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// V33, V35, V36
TEST(CreateChallenge, KeepsWhatWasAsked) {
    ChallengeRig rig;
    json::Object arguments = for_alice("context", "Login from a new place");
    arguments["requester_email"] = "Soc@acme.example";
    arguments["callback_url"] = "https://hooks.example.com/quell";

    const json::Value challenge = rig.look_up(rig.created(arguments));

    EXPECT_EQ(status_of(challenge), "initiated");
    EXPECT_EQ(challenge.at("context"), "Login from a new place");
    EXPECT_EQ(challenge.at("requester_id"), "mcp");
    EXPECT_EQ(challenge.at("requester_email"), "soc@acme.example");
    EXPECT_EQ(challenge.at("integration_type"), "webhook");
    EXPECT_EQ(challenge.at("callback_url"), "https://hooks.example.com/quell");
    EXPECT_EQ(challenge.at("target_user_email"), "alice@corp.example");
    EXPECT_TRUE(challenge.at("target_user_id").is_null());
    EXPECT_TRUE(challenge.at("outcome").is_null());
}

// V39, V86+
TEST(CreateChallenge, LivesAsLongAsAskedElseAsTheTenantSaysElseFifteenMinutes) {
    ChallengeRig rig;
    const auto life = [&](const json::Value& challenge) {
        return *parse_rfc3339(json::text(challenge.at("expires_at"))) -
               *parse_rfc3339(json::text(challenge.at("created_at")));
    };

    EXPECT_EQ(life(rig.created(for_alice())), minutes(15));
    rig.settings().expiry = minutes(60);
    EXPECT_EQ(life(rig.created(for_alice())), minutes(60));
    EXPECT_EQ(life(rig.created(for_alice("expiry_minutes", 10'080))), minutes(10'080));
}

// V85+
TEST(CreateChallenge, ShowsTheVerificationUrlInTheAnswerAlone) {
    ChallengeRig rig;

    const json::Value challenge = rig.created(for_alice());

    const std::string token = ChallengeRig::token_of(challenge);
    EXPECT_EQ(token.size(), 43U);
    EXPECT_EQ(text_of(challenge.at("verification_url")), "https://quell.example/challenges/verify/" + token);
    EXPECT_FALSE(rig.look_up(challenge).as_object().contains("verification_url"));
}

TEST(CreateChallenge, KeepsNoTokenInTheStore) {
    ChallengeRig rig;

    const std::string token = ChallengeRig::token_of(rig.created(for_alice()));

    const auto rows = orders::OrderRig::must(rig.rig().store().read(
        [](store::Reader& reader) { return store::list_challenges(reader, TenantId("acme"), {}, 10); }));
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].token_hash, crypto::sha256(token));
}

TEST(CreateChallenge, IsAuditedBeforeItIsAnsweredOrNotMadeAtAll) {
    ChallengeRig rig;
    rig.created(for_alice());
    EXPECT_THAT(rig.rig().audited(TenantId("acme")), ElementsAre("challenge_created ok"));

    rig.rig().break_audit();

    EXPECT_FALSE(rig.create(for_alice()).has_value());
    rig.rig().heal_audit();
}

TEST(CreateChallenge, RefusesATargetThatCouldNeverAnswerAndNotesIt) {
    ChallengeRig rig;

    const auto refused = rig.create({{"target_user_email", "mallory@corp.example"}});

    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error()->key, "no_verification");
    EXPECT_THAT(refused.error()->next_step, HasSubstr("[openid]"));
    EXPECT_THAT(rig.rig().audited(TenantId("acme")), ElementsAre("challenge_refused no_verification"));
}

TEST(CreateChallenge, TakesNoUserOfAnotherTenantForATarget) {
    ChallengeRig rig;
    rig.add_user("bob@corp.example", "globex");

    EXPECT_EQ(rig.create({{"target_user_email", "bob@corp.example"}}).error()->key, "no_verification");
}

TEST(CreateChallenge, IsRefusedWhileTheSwitchIsOff) {
    ChallengeRig rig;
    rig.settings().enabled = false;

    const auto refused = rig.create(for_alice());

    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error()->key, "challenges_disabled");
    EXPECT_THAT(refused.error()->next_step, HasSubstr("[challenges]"));
    EXPECT_FALSE(rig.challenges().check_usable(TenantId("acme")).has_value());
}

// SS-01
TEST(CreateChallenge, RefusesACallbackInsideTheNetwork) {
    ChallengeRig rig;

    EXPECT_EQ(rig.create(for_alice("callback_url", "https://169.254.169.254/")).error()->key, "invalid_arguments");
}

// --- idempotency

TEST(CreateChallenge, GivesTheFirstAnswerToTheSameKey) {
    ChallengeRig rig;

    const json::Value first = rig.created(for_alice("idempotency_key", "k1"));
    const json::Value again = rig.created(for_alice("idempotency_key", "k1"));

    EXPECT_EQ(again, first);
}

TEST(CreateChallenge, RefusesTheSameKeyForSomethingElse) {
    ChallengeRig rig;
    rig.created(for_alice("idempotency_key", "k1"));
    json::Object other = for_alice("idempotency_key", "k1");
    other["context"] = "another reason";

    EXPECT_EQ(rig.create(other).error()->key, "idempotency_conflict");
}

// --- limits

TEST(CreateChallenge, AsksAPersonNoMoreThanSoOftenAtOnce) {
    ChallengeRig rig;
    for (int i = 0; i < 3; ++i) {
        rig.created(for_alice("idempotency_key", std::to_string(i)));
    }

    const auto refused = rig.create(for_alice());

    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error()->key, "rate_limited");
    EXPECT_EQ(refused.error()->retry_after_seconds, 15 * 60);
    EXPECT_TRUE(rig.create(for_alice("idempotency_key", "0")).has_value());  // no new question
}

TEST(CreateChallenge, AsksAPersonNoMoreThanSoOftenInAnHour) {
    ChallengeRig rig;
    for (int i = 0; i < 10; ++i) {
        ASSERT_TRUE(rig.cancel(rig.created(for_alice())).has_value());
    }
    rig.pass(minutes(20));

    const auto refused = rig.create(for_alice());

    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error()->key, "rate_limited");
    EXPECT_EQ(refused.error()->retry_after_seconds, 40 * 60);
    rig.pass(minutes(41));
    EXPECT_TRUE(rig.create(for_alice()).has_value());
}

// --- channels

// V37, V41
TEST(CreateChallenge, RefusesSlackWithoutAConnectorForIt) {
    ChallengeRig rig;

    const auto refused = rig.create(for_alice("integration_type", "slack"));

    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error()->key, "connector_not_enabled");
    EXPECT_THAT(refused.error()->next_step, HasSubstr("slack"));
}

// V33, V38, V41
TEST(CreateChallenge, AsksInSlackWithTheBotAsRequesterWhereNobodyIsNamed) {
    ChallengeRig rig;
    rig.channels().keys = {ConnectorKey("slack")};
    json::Object arguments = for_alice("integration_type", "slack");
    arguments["context"] = "Is it you?";

    const json::Value challenge = rig.created(arguments);

    ASSERT_EQ(rig.channels().questions.size(), 1U);
    const Question& asked = rig.channels().questions[0];
    EXPECT_EQ(asked.context, "Is it you?");
    EXPECT_EQ(asked.target.email, "alice@corp.example");
    EXPECT_FALSE(asked.requester.person.user_id.has_value());
    EXPECT_EQ(challenge.at("delivery"), "sent");
    EXPECT_EQ(challenge.at("slack_user_id"), "U0BOT");
    EXPECT_FALSE(challenge.as_object().contains("verification_url"));
    EXPECT_THAT(rig.rig().audited(TenantId("acme")), ElementsAre("challenge_created ok", "challenge_delivery sent"));
}

// V42
TEST(CreateChallenge, TakesThePersonWhoAsksInAChannelForTheRequesterAndNobodyElse) {
    ChallengeRig rig;
    rig.channels().keys = {ConnectorKey("slack")};
    json::Object arguments = for_alice("integration_type", "slack");
    EXPECT_FALSE(rig.create(arguments, Entry::channel).has_value());
    arguments["slack_user_id"] = "U0SOC";

    const json::Value challenge = rig.created(arguments, Entry::channel);

    EXPECT_EQ(challenge.at("slack_user_id"), "U0SOC");
    EXPECT_EQ(rig.channels().questions.at(0).requester.person.user_id, "U0SOC");
}

// V88+
TEST(CreateChallenge, TakesNoCallbackInAChannel) {
    ChallengeRig rig;
    rig.channels().keys = {ConnectorKey("slack")};
    json::Object arguments = for_alice("integration_type", "slack");
    arguments["slack_user_id"] = "U0SOC";
    arguments["callback_url"] = "https://hooks.example.com/";

    EXPECT_EQ(rig.create(arguments, Entry::channel).error()->key, "invalid_arguments");
}

TEST(CreateChallenge, EndsAtOnceWhereTheChannelKnowsThatNobodyWasReached) {
    ChallengeRig rig;
    rig.channels().keys = {ConnectorKey("slack")};
    rig.channels().failure = Error(Code::not_found, "user_not_found", "Slack knows no such user.");
    json::Object arguments = for_alice("integration_type", "slack");
    arguments["callback_url"] = "https://hooks.example.com/";

    EXPECT_EQ(rig.create(arguments).error()->key, "user_not_found");

    const auto rows = orders::OrderRig::must(rig.rig().store().read(
        [](store::Reader& reader) { return store::list_challenges(reader, TenantId("acme"), {}, 10); }));
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].state, "expired");
    EXPECT_THAT(*rows[0].outcome, HasSubstr("not_delivered"));
    EXPECT_TRUE(rig.callbacks().empty());
}

TEST(CreateChallenge, StaysOpenAndIsNotSentAgainWhereTheChannelsAnswerIsLost) {
    ChallengeRig rig;
    rig.channels().keys = {ConnectorKey("slack")};
    rig.channels().failure = Error(Code::deadline_exceeded, "deadline_exceeded", "Slack did not answer.");

    const json::Value challenge = rig.created(for_alice("integration_type", "slack"));
    rig.round();

    EXPECT_EQ(status_of(challenge), "initiated");
    EXPECT_EQ(challenge.at("delivery"), "unknown");
    EXPECT_EQ(rig.channels().questions.size(), 1U);
}

TEST(CreateChallenge, GivesANumberToTellThePersonWhereTheTenantWantsIt) {
    ChallengeRig rig;
    rig.channels().keys = {ConnectorKey("slack")};
    rig.settings().number_match = true;

    const json::Value challenge = rig.created(for_alice("integration_type", "slack"));

    EXPECT_EQ(text_of(challenge.at("match_number")).size(), 2U);
    EXPECT_TRUE(rig.channels().questions.at(0).number_match);
    EXPECT_FALSE(rig.look_up(challenge).as_object().contains("match_number"));
}

// --- looking

// V43, TN-01
TEST(ChallengeStatus, IsForItsOwnTenantAlone) {
    ChallengeRig rig;
    const json::Value challenge = rig.created(for_alice());
    const identity::Principal stranger = ChallengeRig::someone("globex", "client:x", "x");

    const auto foreign = rig.challenges().get(stranger, ChallengeRig::id_of(challenge));
    const auto unknown = rig.challenges().get(stranger, ChallengeId(uuid_v7()));

    ASSERT_FALSE(foreign.has_value());
    EXPECT_EQ(foreign.error()->key, "challenge_not_found");
    EXPECT_EQ(foreign.error()->message, unknown.error()->message);
    EXPECT_EQ(foreign.error()->next_step, unknown.error()->next_step);
}

// V43
TEST(ChallengeStatus, WantsAUuid) {
    ChallengeRig rig;
    const identity::Principal caller = ChallengeRig::someone("acme", "client:x", "x");

    EXPECT_EQ(rig.challenges().get(caller, ChallengeId("17")).error()->key, "invalid_arguments");
}

TEST(ChallengeVisit, ShowsWhoAsksAndWhy) {
    ChallengeRig rig;
    const json::Value challenge = rig.created(for_alice("context", "Login from a new place"));

    const Visit visit = orders::OrderRig::must(rig.challenges().visit(ChallengeRig::token_of(challenge)));

    EXPECT_EQ(visit.id, ChallengeRig::id_of(challenge));
    EXPECT_EQ(visit.asked_by, "Agent");
    EXPECT_EQ(visit.context, "Login from a new place");
    EXPECT_EQ(visit.state, State::initiated);
    EXPECT_EQ(rig.challenges().visit(challenge.at("challenge_id").as_string()).error()->key, "challenge_not_found");
}

}  // namespace
}  // namespace quell::challenges
