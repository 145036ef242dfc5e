// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "containment/containment_rig.hpp"
#include "containment/lock_pin.hpp"
#include "json/serialize.hpp"

namespace quell::containment {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

ContainArguments lock_alices_mac() {
    return asked(Action::lock_device, LookupType::serial_number, "C02ALICE0001");
}

identity::Principal administrator() { return ContainmentRig::someone("acme", "uid:0"); }

TEST(LockPin, HasAsManyDigitsAsTheManifestSays) {
    EXPECT_THAT(std::string(make_pin(6).reveal()), MatchesRegex("[0-9][0-9][0-9][0-9][0-9][0-9]"));
    EXPECT_NE(make_pin(30).reveal(), make_pin(30).reveal());
}

// V54: a reference, not the PIN.
TEST(LockPin, IsNamedInTheResultAndNotShown) {
    ContainmentRig rig;

    const auto answer = rig.contain(lock_alices_mac());

    ASSERT_TRUE(answer);
    ASSERT_EQ(rig.devices().pins().size(), 1U);
    EXPECT_EQ(text_of(first_device(*answer).at("result_metadata").at("lock_pin_ref")),
              "vsecure://lock-pins/" + text_of(answer->at("request_id")) + "/M1");
    EXPECT_THAT(json::serialize(*answer), Not(HasSubstr(rig.devices().pins().front())));
}

TEST(LockPin, IsNotNamedForADeviceThatWasLockedWithoutOne) {
    ContainmentRig rig;
    orders::Target tablet;
    tablet.state = orders::State::confirmed;
    tablet.sealed_pin = "sealed";
    tablet.result_metadata = {{"lock_pin_set", false}};
    orders::Order order;
    order.integrations.push_back({ConnectorKey("jamf"), nullptr, {tablet}});

    show_pins(rig.rig().key(), true, order);

    EXPECT_EQ(order.integrations.front().targets.front().result_metadata.size(), 1U);
}

TEST(LockPin, IsShownWhereTheTenantWantsIt) {
    ContainmentRig rig;
    rig.settings().pin_in_result = true;

    const auto answer = rig.contain(lock_alices_mac());

    ASSERT_TRUE(answer);
    EXPECT_EQ(text_of(first_device(*answer).at("result_metadata").at("lock_pin")), rig.devices().pins().front());
}

// LG-02: neither the store's rows nor the trail hold the PIN.
TEST(LockPin, IsSealedInTheStoreAndAbsentFromTheTrail) {
    ContainmentRig rig;
    const auto answer = rig.contain(lock_alices_mac());
    ASSERT_TRUE(answer);
    const std::string pin = rig.devices().pins().front();

    const auto sealed = orders::OrderRig::must(rig.rig().store().read([](store::Reader& reader) {
        return reader.row<std::string>("SELECT sealed_pin FROM targets",
                                       [](const store::Row& row) { return row.text(0); });
    }));

    ASSERT_TRUE(sealed);
    EXPECT_THAT(*sealed, HasSubstr("v1."));
    EXPECT_THAT(*sealed, Not(HasSubstr(pin)));
    for (const audit::Entry& entry : orders::OrderRig::must(rig.rig().trail().tail(TenantId("acme"), 100))) {
        EXPECT_THAT(entry.detail, Not(HasSubstr("\"" + pin)));
    }
}

TEST(LockPin, IsRevealedToTheCommandLineAndThatIsAudited) {
    ContainmentRig rig;
    const auto answer = rig.contain(lock_alices_mac());
    ASSERT_TRUE(answer);
    const RequestId id(text_of(answer->at("request_id")));

    const auto pin = rig.rig().run(rig.containment().reveal_pin(administrator(), id, "M1", "user is on the phone"));

    ASSERT_TRUE(pin);
    EXPECT_EQ(pin->reveal(), rig.devices().pins().front());
    const auto entries = orders::OrderRig::must(rig.rig().trail().tail(TenantId("acme"), 1));
    EXPECT_EQ(entries.front().event, "lock_pin_revealed");
    EXPECT_THAT(entries.front().detail, HasSubstr("user is on the phone"));
}

TEST(LockPin, IsNotRevealedToAgentsWithoutReasonOrWithoutAudit) {
    ContainmentRig rig;
    const auto answer = rig.contain(lock_alices_mac());
    ASSERT_TRUE(answer);
    const RequestId id(text_of(answer->at("request_id")));

    EXPECT_FALSE(rig.rig().run(rig.containment().reveal_pin(rig.principal(), id, "M1", "curious")));
    EXPECT_FALSE(rig.rig().run(rig.containment().reveal_pin(administrator(), id, "M1", "")));
    EXPECT_FALSE(rig.rig().run(rig.containment().reveal_pin(administrator(), id, "M2", "wrong device")));
    rig.rig().break_audit();
    EXPECT_FALSE(rig.rig().run(rig.containment().reveal_pin(administrator(), id, "M1", "no audit")));
}

TEST(LockPin, EachDeviceHasItsOwn) {
    ContainmentRig rig;
    rig.devices().add_device("jamf", a_device("M2", std::nullopt, "C02ALICE0002", "alice@corp.example"));

    ASSERT_TRUE(rig.contain(asked(Action::lock_device, LookupType::user_email, "alice@corp.example")));

    const auto pins = rig.devices().pins();
    ASSERT_EQ(pins.size(), 2U);
    EXPECT_NE(pins[0], pins[1]);  // alike once in a million runs
}

}  // namespace
}  // namespace quell::containment
