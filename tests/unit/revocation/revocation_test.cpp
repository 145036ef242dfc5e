// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "json/serialize.hpp"
#include "revocation/revocation_rig.hpp"

namespace quell::revocation {
namespace {

using testing::ElementsAre;
using Fault = FakeAccounts::Fault;

std::string text_of(const json::Value& value) { return std::string(json::text(value)); }

const json::Value& first_account(const json::Value& request) {
    return request.at("integrations").at(0).at("accounts").at(0);
}

TEST(Revoke, AnswersWithTheWholeDocument) {
    RevocationRig rig;

    const auto answer = rig.revoke(alice({{"okta"}}));

    ASSERT_TRUE(answer) << answer.error()->message;
    json::Object document = answer->as_object();
    document["request_id"] = "ID";
    document["created_at"] = "TIME";
    EXPECT_EQ(json::serialize(document),
              R"({"request_id":"ID","status":"completed","dry_run":false,"username":"alice@corp.example",)"
              R"("reason":"stolen cookie","created_at":"TIME","integrations":[{"integration":"okta",)"
              R"("status":"completed","error":null,"accounts":[{"provider_user_id":"00u1",)"
              R"("login":"alice@corp.example","state":"confirmed","outcome":"revoked","error":null,)"
              R"("resolved_by":[{"connector":"okta","lookup_type":"username","match":"exact"}],)"
              R"("result_metadata":{}}]}]})");
}

// V44: absent = all enabled connectors; a subset is honoured; an unknown key is refused and nothing is asked.
TEST(Revoke, FansOutToAllOrToTheNamedConnectors) {
    RevocationRig all;
    ASSERT_TRUE(all.revoke(alice()));
    EXPECT_EQ(all.accounts().count("revoke okta"), 1);
    EXPECT_EQ(all.accounts().count("revoke slack_enterprise"), 1);

    RevocationRig one;
    ASSERT_TRUE(one.revoke(alice({{"slack_enterprise"}})));
    EXPECT_EQ(one.accounts().count("revoke okta"), 0);
    EXPECT_EQ(one.accounts().count("resolve okta"), 0);

    RevocationRig none;
    const auto refused = none.revoke(alice({{"okta", "entra"}}));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error()->key, "unknown_connector");
    EXPECT_TRUE(none.accounts().ledger().empty());
}

// V45
TEST(Revoke, ListsItsCapabilities) {
    RevocationRig rig;

    const auto document = rig.revocation().capabilities(rig.principal(), Entry::mcp);

    ASSERT_TRUE(document);
    EXPECT_EQ(document->at("supported"), (json::Array{"okta", "slack_enterprise"}));
    EXPECT_EQ(document->at("enabled"), (json::Array{"okta", "slack_enterprise"}));
    EXPECT_EQ(document->at("default_targets"), (json::Array{"okta", "slack_enterprise"}));
    EXPECT_EQ(document->at("switches").at("usable"), json::Value(true));
}

// V60
TEST(Revoke, IsRefusedWhileASwitchIsOff) {
    RevocationRig rig;
    rig.settings().allow_via_mcp = false;
    EXPECT_EQ(rig.revoke(alice()).error()->key, "mcp_revocation_not_allowed");
    EXPECT_TRUE(rig.revoke(alice(), Entry::cli));

    rig.settings().enabled = false;
    EXPECT_EQ(rig.revoke(alice(), Entry::cli).error()->key, "session_revocation_disabled");
}

TEST(Revoke, RefusesMoreThanOneAccountWithTheCandidates) {
    RevocationRig rig;
    rig.accounts().add_account("okta", "00u2", "alice@corp.example");

    const auto refused = rig.revoke(alice());

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error()->key, "user_ambiguous");
    EXPECT_EQ(refused.error()->candidates.size(), 2U);
    EXPECT_EQ(rig.accounts().count("revoke"), 0);
}

TEST(Revoke, SaysWhereTheUserIsNotKnown) {
    RevocationRig rig;
    rig.accounts().add_account("okta", "00u3", "bob@corp.example");
    RevokeArguments bob = alice();
    bob.username = "bob@corp.example";

    const auto answer = rig.revoke(bob);

    ASSERT_TRUE(answer);
    EXPECT_EQ(text_of(answer->at("status")), "partial");
    EXPECT_EQ(text_of(answer->at("integrations").at(1).at("error").at("key")), "user_not_found");

    bob.username = "dave@corp.example";
    EXPECT_EQ(rig.revoke(bob).error()->key, "user_not_found");
}

TEST(Revoke, HasAnOutcomePerAccount) {
    RevocationRig rig;
    rig.accounts().set_fault(Fault::refuses);
    const auto refused = rig.revoke(alice({{"okta"}}));
    rig.accounts().set_fault(Fault::unknown_user);
    const auto gone = rig.revoke(alice({{"okta"}}));

    ASSERT_TRUE(refused);
    ASSERT_TRUE(gone);
    EXPECT_EQ(text_of(first_account(*refused).at("outcome")), "failed");
    EXPECT_EQ(text_of(first_account(*refused).at("error").at("key")), "http_403");
    EXPECT_EQ(text_of(first_account(*gone).at("outcome")), "user_not_found");
}

TEST(Revoke, EndsADryRunBeforeAnythingActs) {
    RevocationRig rig;
    RevokeArguments arguments = alice();
    arguments.dry_run = true;

    const auto answer = rig.revoke(arguments);

    ASSERT_TRUE(answer);
    EXPECT_EQ(text_of(answer->at("status")), "resolved");
    EXPECT_EQ(rig.accounts().count("revoke"), 0);
    EXPECT_THAT(rig.rig().audited(TenantId("acme")), ElementsAre("revocation_dry_run resolved"));
    EXPECT_EQ(rig.settled(*answer), *answer);
}

// Nobody can tell whether sessions were ended: unknown, and never sent again.
TEST(Revoke, IsUnknownWhereTheAnswerWasLost) {
    RevocationRig rig;
    rig.accounts().set_fault(Fault::loses_the_answer);

    const auto answer = rig.revoke(alice({{"okta"}}));

    ASSERT_TRUE(answer);
    EXPECT_EQ(text_of(answer->at("status")), "unknown");
    EXPECT_EQ(text_of(first_account(*answer).at("error").at("key")), "not_confirmed");
    EXPECT_EQ(rig.accounts().count("revoke"), 1);
}

// The provider said 503, the plugin says that the user is gone.
TEST(Revoke, IsUnknownWhereThePluginAloneSaysThatNothingWasDone) {
    RevocationRig rig;
    rig.accounts().set_fault(Fault::claims_unknown_user);

    const auto answer = rig.revoke(alice({{"okta"}}));

    ASSERT_TRUE(answer);
    EXPECT_EQ(text_of(answer->at("status")), "unknown");
    EXPECT_EQ(text_of(first_account(*answer).at("error").at("key")), "not_confirmed");
}

// DU-02
TEST(Revoke, SendsAnInterruptedIntentAndNotWhatWasSent) {
    for (const auto& [where, status, revoked] :
         {std::tuple(Fault::hangs_before, "completed", 1), std::tuple(Fault::hangs_after, "unknown", 1)}) {
        RevocationRig rig;
        rig.settings().wait = std::chrono::seconds(0);
        rig.accounts().set_fault(where);
        const auto answer = rig.revoke(alice({{"okta"}}));
        ASSERT_TRUE(answer);
        rig.accounts().hanging().wait_for_arrival();
        rig.restart();
        rig.accounts().set_fault(Fault::none);
        rig.start();

        EXPECT_EQ(text_of(rig.settled(*answer).at("status")), status);
        EXPECT_EQ(rig.accounts().count("revoke okta"), revoked);
    }
}

TEST(Revoke, HidesContainmentsFromItsLookUp) {
    RevocationRig rig;

    const auto missing = rig.look_up(RequestId("0198aaaa-0000-7000-8000-000000000000"));

    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error()->key, "request_not_found");
}

// PF-14
TEST(RevokeArguments, RefuseEverythingButALoginOrAnAddress) {
    for (const char* good : {"alice", "alice@corp.example", "o'brien@corp.example", "a.b_c-d+e@corp.example"}) {
        EXPECT_TRUE(check_username(good)) << good;
    }
    for (const char* bad : {"", "*", "ali*", "a\" or \"1\" eq \"1", "a b", "a/b", "a\\b", "a@b@c", "a,b", "a;b",
                            "../users", "alice\r\n", "\xE2\x80\xAE" "alice", "a%00", "a?b", "a#b"}) {
        const auto refused = check_username(bad);
        ASSERT_FALSE(refused) << bad;
        EXPECT_EQ(refused.error()->key, "invalid_lookup_value");
    }
}

TEST(RevokeArguments, AreReadFromADocument) {
    const auto read = [](std::string_view text) { return read_arguments(json::parse(text).value().as_object()); };

    const auto full = read(R"({"username": "alice", "integration_targets": ["okta"], "reason": "r"})");
    ASSERT_TRUE(full);
    EXPECT_EQ(full->integration_targets, (std::vector<std::string>{"okta"}));
    EXPECT_EQ(read(R"({"reason": "r"})").error()->key, "invalid_arguments");
    EXPECT_EQ(read(R"({"username": "alice", "everyone": true})").error()->key, "invalid_arguments");
    EXPECT_EQ(read(R"({"username": "*"})").error()->key, "invalid_lookup_value");
}

}  // namespace
}  // namespace quell::revocation
