// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "containment/containment_rig.hpp"
#include "json/serialize.hpp"

namespace quell::containment {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Fault = FakeDevices::Fault;

// V53, V54: the example call and the whole shape of its result.
TEST(Contain, AnswersTheExampleCallWithTheWholeDocument) {
    ContainmentRig rig;
    ContainArguments arguments = contain_alices_mac();
    arguments.integration_targets = {{"crowdstrike"}};
    arguments.reason = "malware";

    const auto answer = rig.contain(arguments);

    ASSERT_TRUE(answer) << answer.error()->message;
    json::Object document = answer->as_object();
    document["request_id"] = "ID";
    document["created_at"] = "TIME";
    EXPECT_EQ(json::serialize(document),
              R"({"request_id":"ID","status":"completed","action":"network_contain","dry_run":false,)"
              R"("lookup":{"lookup_type":"hostname","value":"alice-mac.corp.example"},"reason":"malware",)"
              R"("created_at":"TIME","integrations":[{"integration":"crowdstrike","status":"completed","error":null,)"
              R"("devices":[{"provider_device_id":"A1","hostname":"alice-mac.corp.example",)"
              R"("serial_number":"C02ALICE0001","state":"confirmed","changed":true,"error":null,)"
              R"("resolved_by":[{"connector":"crowdstrike","lookup_type":"hostname","match":"exact"}],)"
              R"("result_metadata":{"trace_id":"t-A1"}}]}]})");
}

// V51, N6: every step is in the trail, the reason with it.
TEST(Contain, WritesIntentSentAndOutcomesToTheTrail) {
    ContainmentRig rig;
    ContainArguments arguments = contain_alices_mac();
    arguments.reason = "malware";

    ASSERT_TRUE(rig.contain(arguments));

    EXPECT_THAT(rig.rig().audited(TenantId("acme")),
                ElementsAre("containment_intent intent", "containment_sent sent", "containment_outcome accepted",
                            "containment_outcome confirmed"));
    const auto entries = orders::OrderRig::must(rig.rig().trail().tail(TenantId("acme"), 10));
    EXPECT_THAT(entries.front().detail, HasSubstr("malware"));
}

// V52, PF-08, V64
TEST(Contain, EndsADryRunBeforeAnythingActs) {
    ContainmentRig rig;
    ContainArguments arguments = contain_alices_mac();
    arguments.dry_run = true;

    const auto answer = rig.contain(arguments);

    ASSERT_TRUE(answer);
    EXPECT_EQ(text_of(answer->at("status")), "resolved");
    EXPECT_TRUE(answer->at("dry_run").as_bool());
    EXPECT_EQ(text_of(first_device(*answer).at("state")), "resolved");
    EXPECT_THAT(rig.devices().ledger(), ElementsAre("resolve crowdstrike hostname alice-mac.corp.example"));
    EXPECT_EQ(rig.units(), 0);
    EXPECT_THAT(rig.rig().audited(TenantId("acme")), ElementsAre("containment_dry_run resolved"));
}

TEST(Contain, FindsADryRunAgainAsItWasAnswered) {
    ContainmentRig rig;
    ContainArguments arguments = contain_alices_mac();
    arguments.dry_run = true;
    const auto answer = rig.contain(arguments);
    ASSERT_TRUE(answer);

    rig.rig().flush();

    EXPECT_EQ(rig.settled(*answer), *answer);
}

// V64: one unit for a request with a confirmed target.
TEST(Contain, CountsOneUnitForARequestThatWasDone) {
    ContainmentRig rig;
    ASSERT_TRUE(rig.contain(contain_alices_mac()));
    EXPECT_EQ(rig.units(), 1);

    rig.devices().add_device("crowdstrike", a_device("A2", "refusing.corp.example", "S2"));
    rig.devices().set_fault("A2", Fault::refuses);
    const auto refused = rig.contain(asked(Action::network_contain, LookupType::hostname, "refusing.corp.example"));

    ASSERT_TRUE(refused);
    EXPECT_EQ(text_of(refused->at("status")), "failed");
    EXPECT_EQ(rig.units(), 1);
}

// V58
TEST(Contain, FindsTheRequestAndItsResultAfterARestart) {
    ContainmentRig rig;
    const auto answer = rig.contain(contain_alices_mac());
    ASSERT_TRUE(answer);

    rig.restart();
    rig.start();

    EXPECT_EQ(rig.settled(*answer), *answer);
}

// A dry run is answered before it is stored, so the look-up waits for what is queued.
TEST(Contain, FindsADryRunAsSoonAsItIsAnswered) {
    ContainmentRig rig;
    auto arguments = contain_alices_mac();
    arguments.dry_run = true;
    const auto answer = rig.contain(std::move(arguments));
    ASSERT_TRUE(answer);

    const auto found = rig.look_up(rig.principal(), RequestId(text_of(answer->at("request_id"))));

    ASSERT_TRUE(found);
    EXPECT_EQ(*found, *answer);
}

TEST(Contain, ListsDryRunsAndOrdersTogetherNewestFirst) {
    ContainmentRig rig;
    std::vector<std::string> ids;
    for (const bool dry_run : {true, false, true}) {
        auto arguments = contain_alices_mac();
        arguments.dry_run = dry_run;
        const auto answer = rig.contain(std::move(arguments));
        ASSERT_TRUE(answer);
        ids.emplace_back(text_of(answer->at("request_id")));
    }
    rig.rig().flush();
    std::ranges::sort(ids, std::greater());  // the order inside a millisecond is chance

    EXPECT_THAT(rig.listed("", 10), ElementsAre(ids[0], ids[1], ids[2]));
    EXPECT_THAT(rig.listed("", 2), ElementsAre(ids[0], ids[1]));
    EXPECT_THAT(rig.listed(ids[0], 1), ElementsAre(ids[1]));
}

// TN-01: another tenant's request is the same as no request.
TEST(Contain, HidesRequestsFromOtherTenants) {
    ContainmentRig rig;
    const auto answer = rig.contain(contain_alices_mac());
    ASSERT_TRUE(answer);
    const RequestId id(text_of(answer->at("request_id")));
    const auto stranger = ContainmentRig::someone("globex", "client:agent");

    const auto theirs = rig.look_up(stranger, id);
    const auto random = rig.look_up(stranger, RequestId(uuid_v7()));

    ASSERT_FALSE(theirs);
    ASSERT_FALSE(random);
    EXPECT_EQ(theirs.error()->key, "request_not_found");
    EXPECT_EQ(theirs.error()->message, random.error()->message);
}

TEST(Contain, ConfirmsWithoutActingWhatIsSoAlready) {
    ContainmentRig rig;
    rig.devices().set_state("A1", "contained");

    const auto answer = rig.contain(contain_alices_mac());

    ASSERT_TRUE(answer);
    EXPECT_EQ(text_of(answer->at("status")), "completed");
    EXPECT_EQ(first_device(*answer).at("changed"), json::Value(false));
    EXPECT_EQ(rig.devices().count("network_contain"), 0);
}

// PF-06, V54: each device has an outcome of its own.
TEST(Contain, ShowsAPartialFailurePerDevice) {
    ContainmentRig rig;
    rig.devices().remove_devices();
    for (const char* number : {"1", "2", "3"}) {
        const std::string serial = std::string("SERIAL") + number;
        rig.devices().add_device("jamf", a_device(std::string("M") + number, std::nullopt, serial, "eve@corp.example"));
        rig.devices().add_device("crowdstrike", a_device(std::string("A") + number, std::nullopt, serial));
    }
    rig.devices().set_fault("A2", Fault::refuses);
    rig.devices().set_fault("A3", Fault::never_acts);

    const auto answer = rig.contain(asked(Action::network_contain, LookupType::user_email, "eve@corp.example"));

    ASSERT_TRUE(answer);
    EXPECT_EQ(text_of(answer->at("status")), "partial");
    const auto& found = answer->at("integrations").at(0).at("devices").as_array();
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(text_of(found.at(0).at("state")), "confirmed");
}

TEST(Contain, TellsTheCallerThatItIsPendingAndGoesOn) {
    ContainmentRig rig;
    rig.settings().wait = std::chrono::seconds(0);
    rig.devices().close_gate();

    const auto answer = rig.contain(contain_alices_mac());
    ASSERT_TRUE(answer);
    EXPECT_EQ(text_of(answer->at("status")), "pending");
    rig.devices().gate().open();

    EXPECT_EQ(text_of(rig.settled(*answer).at("status")), "completed");
}

// DESIGN.md 4.10: no audit, no action.
TEST(Contain, SendsNothingWithoutAudit) {
    ContainmentRig rig;
    rig.rig().break_audit();

    const auto answer = rig.contain(contain_alices_mac());

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error()->key, "audit_unavailable");
    EXPECT_EQ(rig.devices().count("network_contain"), 0);
}

TEST(Contain, SendsNothingThatCannotBeMarkedAsSent) {
    ContainmentRig rig;
    rig.settings().wait = std::chrono::seconds(0);
    rig.devices().set_before_sending([&] { rig.rig().break_audit(); });
    const auto answer = rig.contain(contain_alices_mac());
    ASSERT_TRUE(answer);
    EXPECT_EQ(text_of(first_device(*answer).at("state")), "intent");

    rig.rig().heal_audit();
    const json::Value settled = rig.settled(*answer);

    EXPECT_EQ(text_of(first_device(settled).at("error").at("key")), "audit_unavailable");
    EXPECT_EQ(rig.devices().count("network_contain"), 0);
}

TEST(Contain, OrdersNothingForACallerWhoLeftWhileResolving) {
    ContainmentRig rig;
    std::stop_source left;
    left.request_stop();

    const auto answer = rig.rig().run(
        rig.containment().contain(rig.principal(), contain_alices_mac(), Entry::mcp, left.get_token()));

    ASSERT_FALSE(answer);
    EXPECT_EQ(rig.devices().count("network_contain"), 0);
}

TEST(Contain, NotesEveryRefusalInTheTrail) {
    ContainmentRig rig;

    ASSERT_FALSE(rig.contain(asked(Action::network_contain, LookupType::hostname, "nobody.corp.example")));

    EXPECT_THAT(rig.rig().audited(TenantId("acme")), ElementsAre("containment_refused device_not_found"));
}

// V61, TN-05
TEST(Contain, IsRefusedWhileASwitchIsOff) {
    ContainmentRig rig;
    rig.settings().allow_via_mcp = false;

    const auto by_agent = rig.contain(contain_alices_mac());
    const auto by_hand = rig.contain(contain_alices_mac(), Entry::cli);

    ASSERT_FALSE(by_agent);
    EXPECT_EQ(by_agent.error()->key, "mcp_containment_not_allowed");
    EXPECT_TRUE(by_hand);
}

}  // namespace
}  // namespace quell::containment
