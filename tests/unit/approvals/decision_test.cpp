// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "approvals/approvals_rig.hpp"

namespace quell::approvals {
namespace {

using identity::Role;

struct Decisions : testing::Test {
    ApprovalsRig rig;
    identity::Principal admin = rig.add("admin@acme.example", Role::admin);
    identity::Principal alice = rig.add("alice@acme.example");
    identity::Principal agent = ApprovalsRig::machine();
};

// L20
TEST_F(Decisions, AreAboutAnIdThatSaysWhatItIs) {
    EXPECT_THAT(rig.ask(agent, rig.wish())->id, testing::MatchesRegex("appr_[0-9a-f]{32}"));
}

// A04
TEST_F(Decisions, HaveUntilTheTtlEnds) {
    Wish wish = rig.wish();
    wish.ttl = 3600s;
    const Approval approval = rig.ask(agent, wish).value();
    EXPECT_EQ(approval.expires_at, rig.host.now + 1h);
    EXPECT_EQ(approval.status, "pending");
}

TEST_F(Decisions, AreAskedForOnce) {
    const std::string first = rig.ask(agent, rig.wish())->id;
    EXPECT_EQ(rig.ask(agent, rig.wish())->id, first);
    EXPECT_NE(rig.ask(alice, rig.wish())->id, first);
    EXPECT_NE(rig.ask(agent, rig.wish("vsecure://secrets/production/OTHER"))->id, first);
    rig.host.now += 2h;
    EXPECT_NE(rig.ask(agent, rig.wish())->id, first);
}

// AP-01, L17
TEST_F(Decisions, AreMadeOnce) {
    const std::string denied = rig.ask(agent, rig.wish("vsecure://secrets/production/A"))->id;
    const std::string approved = rig.ask(agent, rig.wish("vsecure://secrets/production/B"))->id;
    ASSERT_TRUE(rig.decide(admin, denied, false));
    ASSERT_TRUE(rig.decide(admin, approved, true));

    EXPECT_EQ(key_of(rig.decide(admin, denied, true)), "approval_already_decided");
    EXPECT_EQ(key_of(rig.decide(admin, approved, true)), "approval_already_decided");
    EXPECT_EQ(key_of(rig.decide(admin, approved, false)), "approval_already_decided");
    EXPECT_EQ(rig.service.get(admin, denied)->status, "denied");
    EXPECT_EQ(rig.events("approval_granted"), 1U);
    EXPECT_EQ(rig.events("approval_denied"), 1U);
}

// AP-01
TEST_F(Decisions, CannotBeMadeAfterTheEnd) {
    const std::string id = rig.ask(agent, rig.wish())->id;
    rig.host.now += 1h;
    EXPECT_EQ(key_of(rig.decide(admin, id, true)), "approval_expired");
    EXPECT_FALSE(rig.may(agent, rig.wish()));
}

// TN-06
TEST_F(Decisions, AreNotTheRequestersOwn) {
    const std::string id = rig.ask(admin, rig.wish())->id;
    EXPECT_EQ(key_of(rig.decide(admin, id, true)), "own_request");
    EXPECT_EQ(rig.service.get(admin, id)->status, "pending");
    const auto refused = [&] { return rig.events("approval_refused"); };
    EXPECT_EQ(refused(), 1U);
}

// TN-06, L09
TEST_F(Decisions, BelongToTheListedApprovers) {
    Wish wish = rig.wish();
    wish.approvers = {"Alice@acme.example"};
    const std::string id = rig.ask(agent, wish)->id;
    EXPECT_EQ(key_of(rig.decide(admin, id, true)), "not_an_approver");
    EXPECT_EQ(key_of(rig.decide(ApprovalsRig::machine("other"), id, true)), "not_an_approver");
    EXPECT_EQ(key_of(rig.decide(alice, id, true)), "ok");
}

TEST_F(Decisions, AreTheAdministratorsWhereNobodyIsListed) {
    const std::string id = rig.ask(agent, rig.wish())->id;
    EXPECT_EQ(key_of(rig.decide(alice, id, true)), "not_an_approver");
    EXPECT_EQ(key_of(rig.decide(admin, id, true)), "ok");
}

// A11
TEST_F(Decisions, KnowApproversByIdEmailAndRole) {
    rig.settings.roles["oncall-engineer"] = {"alice@acme.example"};
    const std::string id = alice.id.substr(5);
    for (const std::string& entry : {std::string("alice@acme.example"), alice.id, "user_" + id, std::string("oncall-engineer"),
                                     std::string("analyst")}) {
        Wish wish = rig.wish("vsecure://secrets/production/" + std::string(entry == "analyst" ? "a" : "b") + std::to_string(entry.size()));
        wish.approvers = {entry};
        EXPECT_EQ(key_of(rig.decide(alice, rig.ask(agent, wish)->id, true)), "ok") << entry;
    }
}

TEST_F(Decisions, EndWithTheMembership) {
    Wish wish = rig.wish();
    wish.approvers = {"alice@acme.example"};
    const std::string id = rig.ask(agent, wish)->id;
    ASSERT_TRUE(rig.host.users.remove_and_wait(TenantId("acme"), "alice@acme.example", "uid:0"));
    EXPECT_EQ(key_of(rig.decide(alice, id, true)), "not_an_approver");
}

// TN-01
TEST_F(Decisions, StayInTheirTenant) {
    const std::string id = rig.ask(agent, rig.wish())->id;
    const auto stranger = ApprovalsRig::person(rig.host.add_user("eve@globex.example", Role::owner, "globex"), "globex");
    EXPECT_EQ(key_of(rig.decide(stranger, id, true)), "approval_not_found");
    EXPECT_EQ(key_of(rig.service.get(stranger, id)), "approval_not_found");
    EXPECT_TRUE(rig.service.list(stranger, {})->approvals.empty());
}

TEST_F(Decisions, AreTheCommandLinesToo) {
    Wish wish = rig.wish();
    wish.approvers = {"alice@acme.example"};
    const identity::Principal operator_of_host{.tenant = TenantId("acme"), .id = "uid:0", .label = "uid:0", .client = {},
                                               .scopes = identity::ScopeSet::all()};
    EXPECT_EQ(key_of(rig.decide(operator_of_host, rig.ask(agent, wish)->id, true)), "ok");
}

// L28, AP-06
TEST_F(Decisions, NeedTheReasonThatTheRuleWants) {
    Wish wish = rig.wish();
    wish.reason_rule = {.required = true, .least_length = 20};
    wish.reason = "1234567890123456789";
    EXPECT_EQ(key_of(rig.ask(agent, wish)), "reason_required");
    wish.reason = "  1234567890123456789  ";
    EXPECT_EQ(key_of(rig.ask(agent, wish)), "reason_required");
    wish.reason = "12345678901234567890";
    EXPECT_EQ(key_of(rig.ask(agent, wish)), "ok");
    wish.resource += "2";
    wish.reason = "1234567890123456789\xc3\xa9";
    EXPECT_EQ(key_of(rig.ask(agent, wish)), "ok");
}

// L05, AP-07
TEST_F(Decisions, LeaveOneRecordAStep) {
    const std::string id = rig.ask(agent, rig.wish())->id;
    rig.ask(agent, rig.wish()).value();
    ASSERT_TRUE(rig.decide(admin, id, true));
    EXPECT_EQ(rig.events("approval_requested"), 1U);
    EXPECT_EQ(rig.events("approval_granted"), 1U);
}

TEST_F(Decisions, CannotBeFloodedByOneRequester) {
    for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(rig.ask(agent, rig.wish("vsecure://secrets/production/N" + std::to_string(i))));
    }
    EXPECT_EQ(key_of(rig.ask(agent, rig.wish("vsecure://secrets/production/MORE"))), "rate_limited");
    EXPECT_EQ(key_of(rig.ask(alice, rig.wish())), "ok");
}

TEST_F(Decisions, AreToldToListenersInTheSameTransaction) {
    std::vector<std::string> told;
    rig.service.listen([&](store::Transaction&, Event event, const Approval& approval) -> Result<void> {
        if (approval.resource.ends_with("BAD")) {
            return internal_error("a listener failed");
        }
        told.emplace_back(to_string(event));
        return {};
    });
    ASSERT_TRUE(rig.decide(admin, rig.ask(agent, rig.wish())->id, false));
    EXPECT_FALSE(rig.ask(agent, rig.wish("vsecure://secrets/production/BAD")));
    EXPECT_THAT(told, testing::ElementsAre("approval_requested", "approval_denied"));
    EXPECT_EQ(rig.service.list(admin, {})->approvals.size(), 1U);
}

}  // namespace
}  // namespace quell::approvals
