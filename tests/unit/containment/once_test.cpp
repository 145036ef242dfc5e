// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "containment/containment_rig.hpp"

namespace quell::containment {
namespace {

using testing::ElementsAre;
using Fault = FakeDevices::Fault;

ContainArguments lock_alices_mac() {
    return asked(Action::lock_device, LookupType::serial_number, "C02ALICE0001");
}

// PF-07
TEST(Idempotency, FiftyCallersWithOneKeyLockOnceAndGetOneAnswer) {
    ContainmentRig rig;
    ContainArguments arguments = lock_alices_mac();
    arguments.idempotency_key = "incident-7";
    std::vector<std::future<Result<json::Value>>> calls;

    for (int i = 0; i < 50; ++i) {
        calls.push_back(rig.begin(arguments));
    }

    std::vector<json::Value> answers;
    for (auto& call : calls) {
        auto answer = call.get();
        ASSERT_TRUE(answer) << answer.error()->message;
        answers.push_back(*answer);
    }
    EXPECT_THAT(answers, testing::Each(answers.front()));
    EXPECT_EQ(text_of(answers.front().at("status")), "completed");
    EXPECT_EQ(rig.devices().count("lock_device"), 1);
    EXPECT_EQ(rig.units(), 1);
}

TEST(Idempotency, GivesTheSameAnswerLaterAndAfterARestart) {
    ContainmentRig rig;
    ContainArguments arguments = lock_alices_mac();
    arguments.idempotency_key = "incident-7";
    const auto first = rig.contain(arguments);
    ASSERT_TRUE(first);

    rig.restart();
    rig.start();
    const auto again = rig.contain(arguments);

    ASSERT_TRUE(again);
    EXPECT_EQ(*again, *first);
    EXPECT_EQ(rig.devices().count("lock_device"), 1);
}

TEST(Idempotency, RefusesTheKeyWithOtherArguments) {
    ContainmentRig rig;
    ContainArguments arguments = contain_alices_mac();
    arguments.idempotency_key = "incident-7";
    ASSERT_TRUE(rig.contain(arguments));

    arguments.reason = "another one";
    const auto refused = rig.contain(arguments);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error()->key, "idempotency_conflict");
}

TEST(Idempotency, KeepsTheKeyOfADryRunToo) {
    ContainmentRig rig;
    ContainArguments arguments = contain_alices_mac();
    arguments.idempotency_key = "incident-7";
    arguments.dry_run = true;
    const auto first = rig.contain(arguments);
    const auto again = rig.contain(arguments);

    ASSERT_TRUE(first);
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, *first);
    arguments.dry_run = false;
    EXPECT_EQ(rig.contain(arguments).error()->key, "idempotency_conflict");
}

TEST(Idempotency, AKeyBelongsToItsPrincipal) {
    ContainmentRig rig;
    ContainArguments arguments = contain_alices_mac();
    arguments.idempotency_key = "incident-7";
    ASSERT_TRUE(rig.contain(arguments));
    arguments.reason = "mine";
    const auto other = ContainmentRig::someone("acme", "client:other");

    EXPECT_TRUE(rig.rig().run(rig.containment().contain(other, arguments, Entry::mcp, {})));
}

// INTERFACES.md 1: a second identical order is joined to the first.
TEST(Joining, ASecondOrderMirrorsTheFirstAndCostsNothing) {
    ContainmentRig rig;
    rig.devices().close_gate();
    auto first_call = rig.begin(lock_alices_mac());
    rig.devices().gate().wait_for_arrival();
    auto second_call = rig.begin(lock_alices_mac());
    rig.wait_for_requests(2);

    rig.devices().gate().open();
    const auto first = first_call.get();
    const auto second = second_call.get();

    ASSERT_TRUE(first);
    ASSERT_TRUE(second);
    EXPECT_NE(first->at("request_id"), second->at("request_id"));
    EXPECT_EQ(first_device(*second).at("joined_to"), first->at("request_id"));
    EXPECT_FALSE(first_device(*first).as_object().contains("joined_to"));
    EXPECT_EQ(text_of(second->at("status")), "completed");
    EXPECT_EQ(first_device(*second).at("result_metadata"), first_device(*first).at("result_metadata"));
    EXPECT_EQ(rig.devices().count("lock_device"), 1);
    EXPECT_EQ(rig.units(), 1);
}

TEST(Joining, TheOppositeOrderIsRefusedMeanwhile) {
    ContainmentRig rig;
    rig.devices().close_gate();
    auto first_call = rig.begin(contain_alices_mac());
    rig.devices().gate().wait_for_arrival();

    const auto refused =
        rig.contain(asked(Action::release_containment, LookupType::hostname, "alice-mac.corp.example"));
    rig.devices().gate().open();
    const auto first = first_call.get();

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error()->key, "conflicting_request");
    ASSERT_TRUE(first);
    EXPECT_EQ(refused.error()->candidates.at(0).at(0).second, text_of(first->at("request_id")));
    EXPECT_EQ(rig.devices().count("release_containment"), 0);
}

TEST(Joining, AnOrderAfterTheFirstIsFinalIsOneOfItsOwn) {
    ContainmentRig rig;
    ASSERT_TRUE(rig.contain(contain_alices_mac()));
    rig.devices().set_state("A1", "normal");

    const auto second = rig.contain(contain_alices_mac());

    ASSERT_TRUE(second);
    EXPECT_FALSE(first_device(*second).as_object().contains("joined_to"));
    EXPECT_EQ(rig.devices().count("network_contain"), 2);
}

// PF-03: the provider acted, the answer was lost.
TEST(LostAnswers, AreReadBackAndNotSentAgain) {
    ContainmentRig rig;
    rig.devices().set_fault("", Fault::loses_the_answer);

    const auto contained = rig.contain(contain_alices_mac());
    const auto locked = rig.contain(lock_alices_mac());

    ASSERT_TRUE(contained);
    ASSERT_TRUE(locked);
    EXPECT_EQ(text_of(contained->at("status")), "completed");
    EXPECT_EQ(text_of(locked->at("status")), "completed");
    EXPECT_EQ(rig.devices().count("network_contain"), 1);
    EXPECT_EQ(rig.devices().count("lock_device"), 1);
}

// A plugin that reads back after a lost answer, and is refused that, must not make the host say "nothing was done".
TEST(LostAnswers, AreNoRefusalsBecauseThePluginSaysSo) {
    for (const int answer : {0, 202, 302, 408, 409, 425, 500, 503}) {
        ContainmentRig rig;
        rig.devices().set_answer(answer);
        rig.devices().set_fault("", Fault::claims_refusal);

        const auto locked = rig.contain(lock_alices_mac());

        ASSERT_TRUE(locked);
        EXPECT_EQ(text_of(locked->at("status")), "completed") << answer;
        EXPECT_EQ(rig.devices().count("lock_device"), 1) << answer;
    }
}

TEST(LostAnswers, AreNoRefusalsOfADeviceEither) {
    for (const int answer : {0, 302, 408, 500, 503}) {
        ContainmentRig rig;
        rig.devices().set_answer(answer);
        rig.devices().set_fault("", Fault::reports_refusal);

        const auto contained = rig.contain(contain_alices_mac());

        ASSERT_TRUE(contained);
        EXPECT_EQ(text_of(contained->at("status")), "completed") << answer;
        EXPECT_EQ(rig.devices().count("network_contain"), 1) << answer;
    }
}

// A 4xx proves it; and in the answer to what was taken as a whole there may be an error for a device.
TEST(Refusals, AreBelievedWhereTheProvidersStatusAllowsIt) {
    for (const auto& [fault, answer] : {std::pair(Fault::claims_refusal, 403), std::pair(Fault::claims_refusal, 404),
                                        std::pair(Fault::reports_refusal, 202)}) {
        ContainmentRig rig;
        rig.devices().set_answer(answer);
        rig.devices().set_fault("", fault);

        const auto contained = rig.contain(contain_alices_mac());

        ASSERT_TRUE(contained);
        EXPECT_EQ(text_of(contained->at("status")), "failed") << answer;
        EXPECT_EQ(text_of(first_device(*contained).at("error").at("key")), "http_403") << answer;
        EXPECT_EQ(rig.devices().count("poll"), 0) << answer;
    }
}

TEST(LostAnswers, AreSentOnceMoreWhereNothingWasDoneAndTheActionIsIdempotent) {
    ContainmentRig rig;
    rig.devices().set_fault("", Fault::never_acts);

    const auto answer = rig.contain(contain_alices_mac());

    ASSERT_TRUE(answer);
    EXPECT_EQ(text_of(answer->at("status")), "failed");
    EXPECT_EQ(text_of(first_device(*answer).at("error").at("key")), "deadline_exceeded");
    EXPECT_EQ(rig.devices().count("network_contain"), 2);
}

// A provider that took thirty seconds and gave no answer may act in the thirty-first.
TEST(LostAnswers, AreNotTakenForNothingDoneBeforeAsLongAgainAsTheCallTook) {
    ContainmentRig rig;
    rig.settings().wait = std::chrono::seconds(0);
    rig.devices().set_fault("", Fault::never_acts);
    rig.devices().set_before_sending([&] { rig.rig().clock().advance(std::chrono::seconds(30)); });
    const auto answer = rig.contain(lock_alices_mac());
    ASSERT_TRUE(answer);

    rig.rig().clock().advance(std::chrono::seconds(29));
    rig.rig().clock().set_by(std::chrono::hours(24));  // DU-06: not by the wall clock
    const int before = rig.devices().count("poll jamf M1");
    while (rig.devices().count("poll jamf M1") < before + 2) {
        rig.rig().flush();
    }
    const RequestId id{text_of(answer->at("request_id"))};
    EXPECT_EQ(text_of(rig.look_up(rig.principal(), id)->at("status")), "pending");

    rig.rig().clock().advance(std::chrono::seconds(1));
    EXPECT_EQ(text_of(rig.settled(*answer).at("status")), "failed");
}

TEST(LostAnswers, ALockIsNeverSentAgain) {
    ContainmentRig rig;
    FakeDevices careless;
    Profile profile = jamf_profile();
    profile.idempotent_actions = {Action::lock_device};  // a manifest that is wrong
    careless.add(profile);
    careless.add_device("jamf", a_device("M1", "alice-mac.corp.example", "C02ALICE0001"));
    careless.set_fault("", Fault::never_acts);
    Containment containment({.orders = rig.rig().orders(),
                             .connectors = careless,
                             .settings = rig.all_settings(),
                             .key = rig.rig().key(),
                             .store = rig.rig().store(),
                             .trail = rig.rig().trail()});
    rig.rig().orders().serve(orders::Kind::containment, {std::shared_ptr<void>(), &containment.actor()});

    const auto answer = rig.rig().run(containment.contain(rig.principal(), lock_alices_mac(), Entry::mcp, {}));

    ASSERT_TRUE(answer);
    EXPECT_EQ(text_of(answer->at("status")), "failed");
    EXPECT_EQ(careless.count("lock_device"), 1);
}

TEST(LostAnswers, AreUnknownWhenNothingCouldConfirmThemInTime) {
    ContainmentRig rig;
    rig.settings().wait = std::chrono::seconds(0);
    rig.devices().set_polls_until_confirmed(1'000'000'000);
    const auto answer = rig.contain(contain_alices_mac());
    ASSERT_TRUE(answer);

    rig.rig().clock().advance(std::chrono::hours(24));
    const json::Value settled = rig.settled(*answer);

    EXPECT_EQ(text_of(settled.at("status")), "unknown");
    EXPECT_EQ(text_of(first_device(settled).at("error").at("key")), "not_confirmed");
    EXPECT_EQ(rig.units(), 0);
}

// DU-06: the clock is set a day forward; no time has passed.
TEST(LostAnswers, AreFollowedOnWhenSomebodySetsTheClock) {
    ContainmentRig rig;
    rig.settings().wait = std::chrono::seconds(0);
    rig.devices().set_polls_until_confirmed(1'000'000'000);
    const auto answer = rig.contain(contain_alices_mac());
    ASSERT_TRUE(answer);

    rig.rig().clock().set_by(std::chrono::hours(24));
    rig.devices().set_polls_until_confirmed(1);

    EXPECT_EQ(text_of(rig.settled(*answer).at("status")), "completed");
}

}  // namespace
}  // namespace quell::containment
