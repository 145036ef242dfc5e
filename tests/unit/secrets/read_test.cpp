// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "json/serialize.hpp"
#include "secrets/documents.hpp"
#include "secrets/secrets_rig.hpp"

namespace quell::secrets {
namespace {

const std::string kDatabase = "vsecure://secrets/production/DATABASE_URL";

struct Reads : testing::Test, SecretsRig {
    Reads() {
        add_rule("vsecure://secrets/production/*");
        put(kDatabase, "postgres://canary");
    }
};

// L01, L04, L38: ask, approve, read, and not a moment longer.
TEST_F(Reads, WaitForApprovalAndGoOnWithoutAskingAgain) {
    const auto refused = read(kDatabase);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error()->message, "Approval required");
    EXPECT_EQ(key_of(refused), "approval_required");
    const std::string id = approval_of(refused);
    EXPECT_EQ(approval_of(read(kDatabase)), id);

    ASSERT_TRUE(decide(admin, id, true));
    const auto reading = read(kDatabase);
    ASSERT_TRUE(reading);
    EXPECT_EQ(reading->value.reveal(), "postgres://canary");
    EXPECT_EQ(reading->approval_id, id);
    EXPECT_EQ(reading->version, "1");

    host.now += 1h;
    EXPECT_EQ(key_of(read(kDatabase)), "approval_required");
}

// L27
TEST_F(Reads, EndWithTheDurationThatWasAskedFor) {
    Access brief = access(kDatabase);
    brief.ttl = 10min;
    const std::string id = approval_of(host.run(secrets.read(brief)));
    ASSERT_TRUE(decide(admin, id, true));
    host.now += 10min - 1ms;
    EXPECT_EQ(key_of(read(kDatabase)), "ok");
    host.now += 1ms;
    EXPECT_EQ(key_of(read(kDatabase)), "approval_required");
}

// AP-03
TEST_F(Reads, NeedTheirOwnApproval) {
    const std::string id = approved(kDatabase);
    put("vsecure://secrets/production/OTHER", "x");
    EXPECT_EQ(key_of(read("vsecure://secrets/production/OTHER")), "approval_required");

    Access other = access("vsecure://secrets/production/OTHER");
    other.approval_id = id;
    EXPECT_EQ(key_of(host.run(secrets.read(other))), "approval_mismatch");
    Access by_other = access(kDatabase);
    by_other.caller = machine("machine-2");
    by_other.approval_id = id;
    EXPECT_EQ(key_of(host.run(secrets.read(by_other))), "approval_mismatch");
    Access write = access(kDatabase);
    write.approval_id = id;
    EXPECT_EQ(key_of(host.run(secrets.rotate(write))), "approval_mismatch");
}

// L18
TEST_F(Reads, TellWhyTheyWereDenied) {
    const std::string id = approval_of(read(kDatabase));
    ASSERT_TRUE(decide(admin, id, false));
    const auto denied = read(kDatabase);
    EXPECT_EQ(key_of(denied), "approval_denied");
    EXPECT_THAT(denied.error()->message, testing::HasSubstr("Seen"));
    EXPECT_EQ(service.list(admin, {.status = "pending", .resource = {}, .cursor = {}})->approvals.size(), 0U);
}

// L10
TEST_F(Reads, NeedNoApprovalWhereTheRuleSaysSoAndAreRecorded) {
    add_rule("vsecure://secrets/development/*", false);
    put("vsecure://secrets/development/TOKEN", "dev");
    const auto reading = read("vsecure://secrets/development/TOKEN");
    ASSERT_TRUE(reading);
    EXPECT_EQ(reading->value.reveal(), "dev");
    EXPECT_EQ(events("secret_accessed"), 3U);  // two written, one read
}

// L07, AP-04
TEST_F(Reads, FollowTheMostSpecificRule) {
    add_rule("vsecure://secrets/*", false);
    put("vsecure://secrets/staging/TOKEN", "s");
    put("vsecure://secrets/production2/x", "p2");
    EXPECT_EQ(key_of(read("vsecure://secrets/staging/TOKEN")), "ok");
    EXPECT_EQ(key_of(read("vsecure://secrets/production2/x")), "ok");
    EXPECT_EQ(key_of(read(kDatabase)), "approval_required");
    EXPECT_EQ(key_of(read("vsecure://secrets/production/../staging/TOKEN")), "invalid_arguments");
    EXPECT_EQ(key_of(read("vsecure://secrets/production%2fDATABASE_URL")), "invalid_arguments");
}

TEST_F(Reads, AreRefusedWithoutARule) { EXPECT_EQ(key_of(read("vsecure://secrets/staging/TOKEN")), "resource_not_found"); }

TEST_F(Reads, StayInTheirTenant) {
    add_rule("vsecure://secrets/*", false);
    put("vsecure://secrets/staging/TOKEN", "s");
    Access foreign = access("vsecure://secrets/staging/TOKEN");
    foreign.caller.tenant = TenantId("globex");
    EXPECT_EQ(key_of(host.run(secrets.read(foreign))), "secret_not_found");
}

// L28, AP-06
TEST_F(Reads, NeedTheReasonThatTheRuleWants) {
    config::SecretRule& rule = add_rule("vsecure://secrets/development/*", false);
    rule.reason = {.required = true, .least_length = 20};
    put("vsecure://secrets/development/TOKEN", "dev");
    EXPECT_EQ(key_of(host.run(secrets.read(access("development/TOKEN", "1234567890123456789")))), "reason_required");
    EXPECT_EQ(key_of(host.run(secrets.read(access("development/TOKEN", "12345678901234567890")))), "ok");
}

// A06
TEST_F(Reads, CanBeMadeByTheTokenOfAnApprovalForThatResourceAlone) {
    const std::string id = approval_of(read(kDatabase));
    const auto decided = decide(admin, id, true);
    const std::string token(decided->token.reveal());
    put("vsecure://secrets/production/OTHER", "x");
    const auto by_token = [&](std::string resource) {
        Access anonymous{.caller = {}};
        anonymous.resource = std::move(resource);
        return host.run(secrets.read_with_token(token, anonymous));
    };
    EXPECT_EQ(by_token(kDatabase)->value.reveal(), "postgres://canary");
    EXPECT_EQ(key_of(by_token("vsecure://secrets/production/OTHER")), "approval_mismatch");
    host.now += 1h;
    EXPECT_EQ(key_of(by_token(kDatabase)), "invalid_token");
}

// A02
TEST_F(Reads, AreCounted) {
    approved(kDatabase);
    const std::int64_t before = read(kDatabase)->accesses;
    EXPECT_EQ(read(kDatabase)->accesses, before + 1);
    EXPECT_EQ(secrets.describe(TenantId("acme"), kDatabase)->stored->accesses, before + 1);
}

TEST_F(Reads, KnowNamesWithoutAnEnvironmentWhereTheTenantHasADefault) {
    EXPECT_EQ(key_of(read("DATABASE_URL")), "resource_not_found");
    tenant->secrets.default_environment = "production";
    EXPECT_EQ(key_of(read("DATABASE_URL")), "approval_required");
}

TEST_F(Reads, AskTheBackendThatTheRuleNames) {
    config::SecretRule& rule = add_rule("vsecure://secrets/{environment}/vault/{name}", false);
    rule.source = "vault:kv/{environment}/{name}#value";
    const auto reading = read("vsecure://secrets/live/vault/DB");
    ASSERT_TRUE(reading);
    EXPECT_EQ(reading->value.reveal(), "from the backend");
    EXPECT_THAT(backends.vault->asked, testing::ElementsAre("acme:kv/live/DB#value"));

    backends.vault->failure = Error(Code::unavailable, "secret_backend_sealed", "The backend is sealed.");
    EXPECT_EQ(key_of(read("vsecure://secrets/live/vault/DB")), "secret_backend_sealed");
    EXPECT_EQ(events("secret_failed"), 1U);
    tenant->secrets.rules.back().source = "other:kv/{name}#value";
    EXPECT_EQ(key_of(read("vsecure://secrets/live/vault/DB")), "connector_unavailable");
}

TEST_F(Reads, AskNoBackendWithoutApproval) {
    config::SecretRule& rule = add_rule("vsecure://secrets/vault/*");
    rule.source = "vault:kv/{name}#value";
    EXPECT_EQ(key_of(read("vsecure://secrets/vault/DB")), "approval_required");
    EXPECT_TRUE(backends.vault->asked.empty());
}

struct References : Reads {
    Reading reading() {
        approved(kDatabase);
        return read(kDatabase).value();
    }
    Result<Reading> open(const std::string& reference, const identity::Principal& caller) {
        return host.run(secrets.unwrap(Access{.caller = caller}, reference));
    }
};

TEST_F(References, OpenOnce) {
    const Wrapped wrapped = host.run(secrets.wrap(agent, reading())).value();
    EXPECT_EQ(open(wrapped.reference, agent)->value.reveal(), "postgres://canary");
    EXPECT_EQ(key_of(open(wrapped.reference, agent)), "secret_not_found");
    EXPECT_EQ(events("secret_unwrapped"), 1U);
}

TEST_F(References, EndSoonAndWithTheGrant) {
    const Wrapped wrapped = host.run(secrets.wrap(agent, reading())).value();
    host.now += 5min;
    EXPECT_EQ(key_of(open(wrapped.reference, agent)), "secret_not_found");
    host.now += 54min;
    const Wrapped late = host.run(secrets.wrap(agent, read(kDatabase).value())).value();
    EXPECT_EQ(late.expires_at, host.now + 1min);
}

TEST_F(References, StayInTheirTenant) {
    const Wrapped wrapped = host.run(secrets.wrap(agent, reading())).value();
    identity::Principal stranger = agent;
    stranger.tenant = TenantId("globex");
    EXPECT_EQ(key_of(open(wrapped.reference, stranger)), "secret_not_found");
    EXPECT_EQ(key_of(open(wrapped.reference, agent)), "ok");
}

struct Batches : Reads {};

// L12
TEST_F(Batches, HaveOneDecisionForEachResource) {
    const auto answers = host.run(secrets.ask(access("", "Incident 4711"),
                                              {"production/AUTH_SERVICE_DATABASE_URL", "production/AUTH_SERVICE_JWT_SECRET",
                                               "staging/AUTH_SERVICE_REDIS_URL", "production/../x"},
                                              Operation::read))
                             .value();
    ASSERT_EQ(answers.size(), 4U);
    EXPECT_EQ(key_of(answers[2]), "resource_not_found");
    EXPECT_EQ(key_of(answers[3]), "invalid_arguments");
    put("production/AUTH_SERVICE_DATABASE_URL", "a");
    put("production/AUTH_SERVICE_JWT_SECRET", "b");
    ASSERT_TRUE(decide(admin, answers[0]->id, true));
    ASSERT_TRUE(decide(admin, answers[1]->id, false));
    EXPECT_EQ(key_of(read("production/AUTH_SERVICE_DATABASE_URL")), "ok");
    EXPECT_EQ(key_of(read("production/AUTH_SERVICE_JWT_SECRET")), "approval_denied");
}

TEST_F(Batches, AskPeopleForNothingThatNeedsNoApproval) {
    add_rule("vsecure://secrets/development/*", false);
    const auto answers = host.run(secrets.ask(access(""), {"development/TOKEN"}, Operation::read)).value();
    EXPECT_EQ(answers[0]->status, "approved");
}

struct Documents : Reads {};

// L14
TEST_F(Documents, OfListsHoldNoValue) {
    const std::string text = json::serialize(json::Value(list_document(secrets.list(TenantId("acme")).value())));
    EXPECT_THAT(text, testing::HasSubstr("DATABASE_URL"));
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("canary")));
}

TEST_F(Documents, HoldTheValueForItsReader) {
    approved(kDatabase);
    const auto reading = read(kDatabase);
    EXPECT_THAT(std::string(value_document(*reading).reveal()), testing::HasSubstr(R"("value":"postgres://canary")"));
    EXPECT_THAT(json::serialize(metadata_document(*reading)), testing::Not(testing::HasSubstr("canary")));
}

}  // namespace
}  // namespace quell::secrets
