// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "approvals/approvals_rig.hpp"
#include "store/scratch_store.hpp"

namespace quell::approvals {
namespace {

using identity::Role;

struct Grants : testing::Test {
    ApprovalsRig rig;
    identity::Principal admin = rig.add("admin@acme.example", Role::admin);
    identity::Principal agent = ApprovalsRig::machine();

    Approval granted(const Wish& wish, std::optional<std::chrono::seconds> duration = {}) {
        return rig.decide(admin, rig.ask(agent, wish)->id, true, duration)->approval;
    }
};

// AP-03
TEST_F(Grants, AllowNothingElse) {
    const Wish wish = rig.wish();
    granted(wish);
    EXPECT_TRUE(rig.may(agent, wish));

    Wish other_resource = wish, other_operation = wish, other_arguments = wish, other_kind = wish;
    other_resource.resource += "2";
    other_operation.operation = "write";
    other_arguments.arguments_digest = crypto::sha256("x");
    other_kind.kind = "policy";
    for (const Wish& other : {other_resource, other_operation, other_arguments, other_kind}) {
        EXPECT_FALSE(rig.may(agent, other));
    }
    EXPECT_FALSE(rig.may(ApprovalsRig::machine("machine-2"), wish));
    EXPECT_FALSE(rig.may(admin, wish));
}

// L27, AP-02
TEST_F(Grants, EndWithTheRequest) {
    granted(rig.wish());
    rig.host.now += 1h - 1ms;
    EXPECT_TRUE(rig.may(agent, rig.wish()));
    rig.host.now += 1ms;
    EXPECT_FALSE(rig.may(agent, rig.wish()));
}

// L19
TEST_F(Grants, AreCutShortByTheApprover) {
    const Approval approval = granted(rig.wish(), 10min);
    EXPECT_EQ(approval.expires_at, rig.host.now + 10min);
    rig.host.now += 10min;
    EXPECT_FALSE(rig.may(agent, rig.wish()));
}

// L19
TEST_F(Grants, AreNotMadeLongerByTheApprover) {
    const WallTime begin = rig.host.now;
    EXPECT_EQ(granted(rig.wish(), 48h).expires_at, begin + 1h);
}

TEST_F(Grants, OfActionsAreForOneUse) {
    Wish once = rig.wish();
    once.single_use = true;
    const Approval grant = granted(once);
    EXPECT_EQ(key_of(rig.use(grant)), "ok");
    EXPECT_EQ(key_of(rig.use(grant)), "grant_ended");
    EXPECT_FALSE(rig.may(agent, once));
}

TEST_F(Grants, OfResourcesAreForManyUses) {
    const Approval grant = granted(rig.wish());
    EXPECT_EQ(key_of(rig.use(grant)), "ok");
    EXPECT_EQ(key_of(rig.use(grant)), "ok");
    rig.host.now += 1h;
    EXPECT_EQ(key_of(rig.use(grant)), "grant_ended");
}

// A06
TEST_F(Grants, HaveATokenUntilTheyEnd) {
    const auto decided = rig.decide(admin, rig.ask(agent, rig.wish())->id, true);
    const std::string token(decided->token.reveal());
    EXPECT_THAT(token, testing::StartsWith("mcp_access_token_"));
    const auto find = [&](const std::string& text) {
        return rig.host.store->read([&](store::Reader& reader) { return rig.service.find_by_token(reader, text); }).value();
    };
    EXPECT_EQ(find(token)->id, decided->approval.id);
    EXPECT_FALSE(find(token + "x"));
    EXPECT_FALSE(find("mcp_access_token_"));
    rig.host.now += 1h;
    EXPECT_FALSE(find(token));
}

TEST_F(Grants, AreNotGivenByADenial) {
    const auto decided = rig.decide(admin, rig.ask(agent, rig.wish())->id, false);
    EXPECT_TRUE(decided->token.empty());
    EXPECT_FALSE(rig.may(agent, rig.wish()));
}

struct AutoApprovals : Grants {
    Wish rule() {
        Wish wish = rig.wish();
        wish.auto_approval.enabled = true;
        wish.auto_approval.time_window = TimeWindow::parse("09:00-17:00 PST").value();
        wish.auto_approval.requesters = {"claude-desktop"};
        wish.auto_approval.operations = {"read"};
        return wish;
    }
    identity::Principal with_key(std::string name) {
        identity::Principal principal = admin;
        principal.key_name = std::move(name);
        return principal;
    }
    std::string status_at(std::string_view time, const identity::Principal& requester, const Wish& wish) {
        rig.host.now = parse_rfc3339(time).value();
        return rig.ask(requester, wish)->status;
    }
};

// L11, AP-05: 09:00 in California is 17:00 UTC in winter.
TEST_F(AutoApprovals, HappenInsideTheWindowOnly) {
    const auto desktop = with_key("claude-desktop");
    EXPECT_EQ(status_at("2026-11-27T16:59:00Z", desktop, rule()), "pending");
    Wish other = rule();
    other.resource += "2";
    EXPECT_EQ(status_at("2026-11-27T17:00:00Z", desktop, other), "approved");
    other.resource += "3";
    EXPECT_EQ(status_at("2026-11-28T00:59:59.999Z", desktop, other), "approved");
    other.resource += "4";
    EXPECT_EQ(status_at("2026-11-28T01:00:00Z", desktop, other), "pending");
}

// L11
TEST_F(AutoApprovals, NeedEveryCondition) {
    constexpr std::string_view kNoon = "2026-11-27T20:00:00Z";
    const auto desktop = with_key("claude-desktop");
    Wish write = rule();
    write.operation = "write";
    EXPECT_EQ(status_at(kNoon, desktop, write), "pending");
    EXPECT_EQ(status_at(kNoon, with_key("other"), rule()), "pending");
    Wish off = rule();
    off.auto_approval.enabled = false;
    off.resource += "2";
    EXPECT_EQ(status_at(kNoon, desktop, off), "pending");
    Wish good = rule();
    good.resource += "3";
    EXPECT_EQ(status_at(kNoon, desktop, good), "approved");
    EXPECT_EQ(rig.events("approval_granted"), 1U);
}

TEST_F(AutoApprovals, DoNotBelieveWhatACallerCallsItself) {
    Wish wish = rule();
    wish.auto_approval.time_window.reset();
    wish.requested_by = "claude-desktop";
    EXPECT_EQ(rig.ask(agent, wish)->status, "pending");
    identity::Principal named = ApprovalsRig::machine("machine-2");
    named.label = "claude-desktop";
    EXPECT_EQ(rig.ask(named, wish)->status, "pending");
}

TEST_F(AutoApprovals, KnowClientsThatAnAdministratorMade) {
    auto wanted = rig.host.a_client();
    wanted.name = "claude-desktop";
    const auto made = rig.host.add_client(wanted);
    Wish wish = rule();
    wish.auto_approval.time_window.reset();
    EXPECT_EQ(rig.ask(ApprovalsRig::machine(made.client.id.str()), wish)->status, "approved");
}

struct Expiry : Grants {};

TEST_F(Expiry, IsNotedOnceAndNeedsNobodyToLook) {
    const std::string id = rig.ask(agent, rig.wish())->id;
    rig.host.now += 59min;
    EXPECT_EQ(rig.expire(), 0);
    rig.host.now += 1min;
    EXPECT_EQ(rig.service.list(admin, {.status = "expired", .resource = {}, .cursor = {}})->approvals.size(), 1U);
    EXPECT_EQ(rig.expire(), 1);
    EXPECT_EQ(rig.expire(), 0);
    EXPECT_EQ(rig.service.get(admin, id)->status, "expired");
    EXPECT_EQ(rig.events("approval_expired"), 1U);
}

struct Lists : Grants {};

// A07
TEST_F(Lists, GoOnWithACursor) {
    for (int i = 0; i < 5; ++i) {
        rig.host.now += 1s;
        rig.ask(agent, rig.wish("vsecure://secrets/production/N" + std::to_string(i))).value();
    }
    std::vector<std::string> seen;
    std::string cursor;
    do {
        const auto page = rig.service.list(admin, {.status = "pending", .resource = {}, .cursor = cursor, .limit = 2}).value();
        for (const Approval& approval : page.approvals) {
            seen.push_back(approval.resource.substr(approval.resource.size() - 2));
        }
        cursor = page.cursor;
    } while (!cursor.empty());
    EXPECT_THAT(seen, testing::ElementsAre("N4", "N3", "N2", "N1", "N0"));
    EXPECT_EQ(key_of(rig.service.list(admin, {.status = {}, .resource = {}, .cursor = "???"})), "invalid_arguments");
    EXPECT_EQ(key_of(rig.service.list(admin, {.status = "sleeping", .resource = {}, .cursor = {}})), "invalid_arguments");
}

TEST_F(Lists, ShowOthersWhatTheyMayDecideAndTheirOwn) {
    const identity::Principal alice = rig.add("alice@acme.example"), bob = rig.add("bob@acme.example");
    Wish hers = rig.wish("vsecure://secrets/production/HERS");
    hers.approvers = {"alice@acme.example"};
    rig.ask(agent, hers).value();
    rig.ask(bob, rig.wish("vsecure://secrets/production/OWN")).value();
    rig.ask(agent, rig.wish("vsecure://secrets/production/OTHER")).value();

    EXPECT_EQ(rig.service.list(alice, {})->approvals.size(), 1U);
    EXPECT_EQ(rig.service.list(bob, {})->approvals.size(), 1U);
    EXPECT_EQ(rig.service.list(agent, {})->approvals.size(), 2U);
    EXPECT_EQ(rig.service.list(admin, {})->approvals.size(), 3U);
}

}  // namespace
}  // namespace quell::approvals
