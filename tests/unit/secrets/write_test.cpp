// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "secrets/rule_document.hpp"
#include "secrets/rules.hpp"
#include "secrets/secrets_rig.hpp"

namespace quell::secrets {
namespace {

struct Writes : testing::Test, SecretsRig {
    Result<std::string> rotate(std::string resource) { return host.run(secrets.rotate(access(std::move(resource)))); }
    std::string value(const std::string& uri) {
        return std::string(host.run(built_in.read({.tenant = TenantId("acme"), .path = uri, .field = {}}))->text.reveal());
    }
};

// L08, L26
TEST_F(Writes, AreDeniedByARuleForReading) {
    add_rule("vsecure://secrets/production/DB").may_write = false;
    EXPECT_EQ(key_of(rotate("production/DB")), "operation_not_permitted");
    EXPECT_EQ(service.list(admin, {})->approvals.size(), 0U);
}

// L13
TEST_F(Writes, MakeTheSecretOnceApproved) {
    add_rule("vsecure://secrets/staging/*");
    const auto refused = rotate("staging/NEW");
    EXPECT_EQ(key_of(refused), "approval_required");
    EXPECT_FALSE(secrets.describe(TenantId("acme"), "staging/NEW")->stored);
    ASSERT_TRUE(decide(admin, approval_of(refused), true));
    EXPECT_EQ(rotate("staging/NEW").value(), "1");
    EXPECT_TRUE(secrets.describe(TenantId("acme"), "staging/NEW")->stored);
}

// L33: 256 random bits, a version and no value; one approval, one change.
TEST_F(Writes, NeedAnApprovalEach) {
    add_rule("vsecure://secrets/staging/*");
    put("staging/TOKEN", "old");
    ASSERT_TRUE(decide(admin, approval_of(rotate("staging/TOKEN")), true));
    EXPECT_EQ(rotate("staging/TOKEN").value(), "2");
    EXPECT_EQ(value("vsecure://secrets/staging/TOKEN").size(), 43U);
    EXPECT_EQ(key_of(rotate("staging/TOKEN")), "approval_required");
}

struct Versions : Writes {
    Versions() { add_rule("vsecure://secrets/development/*", false); }
    const std::string uri = "vsecure://secrets/development/TOKEN";
};

TEST_F(Versions, CanBeRolledBackAndGoOn) {
    put(uri, "one");
    put(uri, "two");
    EXPECT_EQ(value(uri), "two");
    EXPECT_EQ(host.run(secrets.roll_back(access(uri), 1)).value(), "1");
    EXPECT_EQ(value(uri), "one");
    EXPECT_EQ(key_of(host.run(secrets.roll_back(access(uri), 9))), "secret_not_found");
    EXPECT_EQ(put(uri, "three"), "3");
    EXPECT_EQ(value(uri), "three");
}

TEST_F(Versions, GoWithTheSecret) {
    put(uri, "one");
    ASSERT_TRUE(host.run(secrets.remove(access(uri))));
    EXPECT_EQ(key_of(read(uri)), "secret_not_found");
    EXPECT_EQ(key_of(host.run(secrets.remove(access(uri)))), "secret_not_found");
}

TEST_F(Versions, RefuseValuesThatAreNone) {
    EXPECT_EQ(key_of(host.run(secrets.write(access(uri), SecretString("")))), "invalid_arguments");
    EXPECT_EQ(key_of(host.run(secrets.write(access(uri), SecretString(std::string(65'537, 'x'))))), "invalid_arguments");
}

struct Keys : Versions {};

TEST_F(Keys, KeepValuesOutOfTheStoreInTheClear) {
    put(uri, "canary-value");
    const auto rows = host.store->read([&](store::Reader& reader) { return store::list_sealed_otherwise(reader, "", 10); }).value();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_THAT(rows.front().sealed, testing::StartsWith("v1."));
    EXPECT_THAT(rows.front().sealed, testing::Not(testing::HasSubstr("canary")));
}

TEST_F(Keys, AreRotatedWithoutLosingAValue) {
    put(uri, "one");
    put(uri, "two");
    const KeyRing both = ring_of("ns");
    BuiltIn rotating(*host.store, both, host.clock_of_test());
    EXPECT_EQ(rotating.reseal_and_wait(100).value(), 2);
    EXPECT_EQ(rotating.reseal_and_wait(100).value(), 0);

    const KeyRing only_new = ring_of("n");
    BuiltIn after(*host.store, only_new, host.clock_of_test());
    EXPECT_EQ(host.run(after.read({.tenant = TenantId("acme"), .path = uri, .field = {}}))->text.reveal(), "two");
    EXPECT_EQ(key_of(host.run(built_in.read({.tenant = TenantId("acme"), .path = uri, .field = {}}))), "secret_key_missing");
}

TEST_F(Keys, OpenAValueAtItsOwnPlaceOnly) {
    put(uri, "one");
    put("vsecure://secrets/development/OTHER", "two");
    host.tamper("UPDATE secret_versions SET sealed = (SELECT sealed FROM secret_versions WHERE uri LIKE '%OTHER') WHERE uri LIKE '%TOKEN'");
    EXPECT_FALSE(read(uri));
}

struct Rules : Writes {
    json::Object document(std::string uri) {
        return {{"uri", uri},
                {"name", "Production"},
                {"permissions", json::Array{"read"}},
                {"requiresApproval", true},
                {"approvers", json::Array{"john@example.com"}},
                {"autoApprove", json::Object{{"enabled", true},
                                             {"conditions", json::Object{{"timeWindow", "09:00-17:00 PST"},
                                                                         {"requester", json::Array{"claude-desktop"}},
                                                                         {"operations", json::Array{"read"}}}}}},
                {"requireReason", true},
                {"minReasonLength", 20}};
    }
    Result<config::SecretRule> configure(const identity::Principal& caller, const json::Object& given) {
        TRY(config::SecretRule rule, read_rule(given, tenant->approvals));
        return host.run(secrets.configure(caller, std::move(rule)));
    }
};

// L06, A10
TEST_F(Rules, AreReadBackAsTheyWereMade) {
    ASSERT_TRUE(configure(admin, document("vsecure://secrets/production/*")));
    const auto listed = secrets.list(TenantId("acme")).value();
    ASSERT_EQ(listed.size(), 1U);
    const json::Object back = to_document(listed.front().rule);
    for (const auto& [name, value] : document("vsecure://secrets/production/*")) {
        EXPECT_EQ(back.at(name), value) << name;
    }
    EXPECT_EQ(events("secret_rule_saved"), 1U);
}

TEST_F(Rules, OfAFewWordsWorkOnceTheyAreStored) {
    ASSERT_TRUE(configure(admin, {{"uri", "vsecure://secrets/qa/*"}, {"requiresApproval", false}}));
    put("qa/TOKEN", "x");
    EXPECT_EQ(key_of(read("qa/TOKEN")), "ok");
}

// TN-03
TEST_F(Rules, AreTheAdministratorsMatter) {
    const identity::Principal analyst = add("analyst@acme.example");
    EXPECT_EQ(key_of(configure(analyst, document("vsecure://secrets/production/*"))), "administrator_only");
    EXPECT_EQ(key_of(configure(agent, document("vsecure://secrets/production/*"))), "administrator_only");
    EXPECT_EQ(key_of(host.run(secrets.remove_rule(analyst, "vsecure://secrets/production/*"))), "administrator_only");
}

TEST_F(Rules, OfTheSettingsStandAboveThoseMadeHere) {
    add_rule("vsecure://secrets/{environment}/*");
    EXPECT_EQ(key_of(configure(admin, document("vsecure://secrets/{env}/*"))), "rule_in_settings");
    EXPECT_EQ(key_of(configure(admin, document("vsecure://secrets/production/*"))), "ok");
}

TEST_F(Rules, RefuseWhatNobodyCouldMean) {
    const auto with = [&](const char* member, json::Value value) {
        json::Object given = document("vsecure://secrets/production/*");
        given[member] = std::move(value);
        return key_of(configure(admin, given));
    };
    EXPECT_EQ(with("uri", "vsecure://secrets/../*"), "invalid_arguments");
    EXPECT_EQ(with("permissions", json::Array{"execute"}), "invalid_arguments");
    EXPECT_EQ(with("approvers", json::Array{"nobody-role"}), "invalid_arguments");
    EXPECT_EQ(with("autoApprove", json::Object{{"enabled", true}}), "invalid_arguments");
    EXPECT_EQ(with("autoApprove", json::Object{{"enabled", true}, {"conditions", json::Object{{"timeWindow", "09:00-17:00 Mars"}}}}),
              "invalid_arguments");
    EXPECT_EQ(with("minReasonLength", -1), "invalid_arguments");
    EXPECT_EQ(with("maxTtl", 59), "invalid_arguments");
    EXPECT_EQ(with("surprise", true), "invalid_arguments");
}

TEST_F(Rules, ThatCannotBeReadAnyMoreCloseWhatTheyWereFor) {
    add_rule("vsecure://secrets/*", false);
    tenant->approvals.roles["oncall"] = {"john@example.com"};
    json::Object given = document("vsecure://secrets/production/*");
    given["approvers"] = json::Array{"oncall"};
    ASSERT_TRUE(configure(admin, given));
    tenant->approvals.roles.clear();
    EXPECT_EQ(key_of(read("production/DB")), "operation_not_permitted");
    EXPECT_EQ(key_of(read("staging/DB")), "secret_not_found");
}

TEST_F(Rules, CanBeRemoved) {
    ASSERT_TRUE(configure(admin, document("vsecure://secrets/production/*")));
    ASSERT_TRUE(host.run(secrets.remove_rule(admin, "vsecure://secrets/production/*")));
    EXPECT_EQ(key_of(host.run(secrets.remove_rule(admin, "vsecure://secrets/production/*"))), "resource_not_found");
    EXPECT_EQ(key_of(read("production/DB")), "resource_not_found");
}

}  // namespace
}  // namespace quell::secrets
