// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "containment/containment_rig.hpp"

// DU-02: the host ends between the steps of an order and starts again.
namespace quell::containment {
namespace {

using Fault = FakeDevices::Fault;

// An order that hangs at the given point, the host's end there, and a new host that has not begun to recover.
json::Value interrupted(ContainmentRig& rig, ContainArguments arguments, Fault where) {
    rig.settings().wait = std::chrono::seconds(0);
    rig.devices().set_fault("", where);
    const json::Value answer = orders::OrderRig::must(rig.contain(std::move(arguments)));
    rig.devices().wait_until_hanging();
    rig.restart();
    rig.devices().set_fault("", Fault::none);
    return answer;
}

ContainArguments lock_alices_mac() {
    return asked(Action::lock_device, LookupType::serial_number, "C02ALICE0001");
}

// DU-02: killed between the intent record and the provider call.
TEST(Recovery, SendsAnIntentWhoseDeviceIsTheSame) {
    ContainmentRig rig;
    const json::Value request = interrupted(rig, contain_alices_mac(), Fault::hangs_before);

    rig.start();
    const json::Value settled = rig.settled(request);

    EXPECT_EQ(text_of(settled.at("status")), "completed");
    EXPECT_EQ(rig.devices().count("resolve crowdstrike provider_device_id A1"), 1);
    EXPECT_EQ(rig.devices().count("network_contain"), 1);
    EXPECT_EQ(rig.units(), 1);
}

TEST(Recovery, DoesNotSendAnIntentWhoseDeviceIsInAnotherState) {
    ContainmentRig rig;
    const json::Value request = interrupted(rig, contain_alices_mac(), Fault::hangs_before);
    rig.devices().set_state("A1", "releasing");

    rig.start();
    const json::Value settled = rig.settled(request);

    EXPECT_EQ(text_of(settled.at("status")), "failed");
    EXPECT_EQ(text_of(first_device(settled).at("error").at("key")), "device_not_found");
    EXPECT_EQ(rig.devices().count("network_contain"), 0);
}

TEST(Recovery, DoesNotSendAnIntentOfAQuarterOfAnHourAgo) {
    ContainmentRig rig;
    const json::Value request = interrupted(rig, contain_alices_mac(), Fault::hangs_before);
    rig.rig().clock().advance(std::chrono::minutes(15));

    rig.start();
    const json::Value settled = rig.settled(request);

    EXPECT_EQ(text_of(settled.at("status")), "failed");
    EXPECT_EQ(rig.devices().count("network_contain"), 0);
}

TEST(Recovery, DoesNotSendAnIntentAfterTheSwitchWasTurnedOff) {
    ContainmentRig rig;
    const json::Value request = interrupted(rig, contain_alices_mac(), Fault::hangs_before);
    rig.settings().enabled = false;

    rig.start();
    const json::Value settled = rig.settled(request);

    EXPECT_EQ(text_of(first_device(settled).at("error").at("key")), "device_containment_disabled");
    EXPECT_EQ(rig.devices().count("network_contain"), 0);
}

TEST(Recovery, SendsAnInterruptedLockWithTheSamePin) {
    ContainmentRig rig;
    rig.settings().pin_in_result = true;
    const json::Value request = interrupted(rig, lock_alices_mac(), Fault::hangs_before);

    rig.start();
    const json::Value settled = rig.settled(request);

    ASSERT_EQ(rig.devices().pins().size(), 1U);
    EXPECT_EQ(text_of(first_device(settled).at("result_metadata").at("lock_pin")), rig.devices().pins().front());
    EXPECT_EQ(first_device(request).at("result_metadata").at("lock_pin"),
              first_device(settled).at("result_metadata").at("lock_pin"));
}

// DU-02: killed between the provider call and its outcome.
TEST(Recovery, ReadsBackWhatWasSentAndNeverSendsItAgain) {
    ContainmentRig rig;
    const json::Value contained = interrupted(rig, contain_alices_mac(), Fault::hangs_after);

    rig.start();

    EXPECT_EQ(text_of(rig.settled(contained).at("status")), "completed");
    EXPECT_EQ(rig.devices().count("network_contain"), 1);
}

TEST(Recovery, ReadsBackALockAndNeverSendsItAgain) {
    ContainmentRig rig;
    const json::Value locked = interrupted(rig, lock_alices_mac(), Fault::hangs_after);

    rig.start();

    EXPECT_EQ(text_of(rig.settled(locked).at("status")), "completed");
    EXPECT_EQ(rig.devices().count("lock_device"), 1);
}

TEST(Recovery, PollsWhatWasAccepted) {
    ContainmentRig rig;
    rig.settings().wait = std::chrono::seconds(0);
    rig.devices().set_polls_until_confirmed(1'000'000'000);
    const json::Value request = orders::OrderRig::must(rig.contain(contain_alices_mac()));
    while (rig.devices().count("poll crowdstrike A1") == 0) {
        rig.rig().flush();
    }

    rig.restart();
    rig.devices().set_polls_until_confirmed(0);
    rig.start();

    EXPECT_EQ(text_of(rig.settled(request).at("status")), "completed");
    EXPECT_EQ(rig.devices().count("network_contain"), 1);
}

}  // namespace
}  // namespace quell::containment
