// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "okta_test.hpp"

namespace okta_sessions {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class OktaStronger : public OktaTest {
  protected:
    quell::testing::Exchange& expect(std::string method, const std::string& rest) {
        return host_.expect(std::move(method), "/api/v1/users/" + std::string(kAlice) + rest);
    }
    quell::testing::Exchange& expect_suspension() { return expect("POST", "/lifecycle/suspend"); }
};

TEST_F(OktaStronger, DoesNothingMoreThanAskedByDefault) {
    expect_revocation().reply(204);

    EXPECT_EQ(outcome(revoke())["outcome"], "revoked");
    EXPECT_THAT(host_.requests(), SizeIs(1));
}

// First, so that nobody signs in again between the two.
TEST_F(OktaStronger, SuspendsBeforeItEndsTheSessions) {
    configure(R"(,"suspend_user":true)");
    expect_suspension().reply(200, "{}");
    expect_revocation().reply(204);

    const auto done = outcome(revoke());

    EXPECT_EQ(done["outcome"], "revoked");
    EXPECT_EQ(done["result_metadata"]["user_suspended"], true);
}

TEST_F(OktaStronger, TakesASuspendedUserForSuspended) {
    configure(R"(,"suspend_user":true)");
    expect_suspension().reply(400, refusal("E0000001"));
    expect("GET", "").reply(
        200, user(kAlice, "alice@corp.example", "alice@corp.example", "SUSPENDED").dump());
    expect_revocation().reply(204);

    EXPECT_EQ(outcome(revoke())["outcome"], "revoked");
}

TEST_F(OktaStronger, EndsTheSessionsOfAUserThatCannotBeSuspendedAndSaysSo) {
    configure(R"(,"suspend_user":true)");
    expect_suspension().reply(400, refusal("E0000001"));
    expect("GET", "").reply(200, user().dump());
    expect_revocation().reply(204);

    const auto done = outcome(revoke());

    EXPECT_EQ(done["outcome"], "failed");
    EXPECT_THAT(done["error"]["message"].get<std::string>(),
                HasSubstr("sessions at Okta were ended"));
    EXPECT_THAT(done["result_metadata"]["refused"], ElementsAre("user_suspended"));
    EXPECT_EQ(done["result_metadata"]["error_id"], "oaeX1-y");
}

TEST_F(OktaStronger, DeletesGrants) {
    configure(R"(,"delete_grants":true)");
    expect_revocation().reply(204);
    expect("DELETE", "/grants").reply(204);

    EXPECT_EQ(outcome(revoke())["result_metadata"]["grants_deleted"], true);
}

TEST_F(OktaStronger, DeletesTheTokensOfEachClient) {
    configure(R"(,"delete_client_tokens":true)");
    expect_revocation().reply(204);
    expect("GET", "/clients").reply(200, R"([{"client_id":"0oa1"},{"client_id":"a/b"}])");
    expect("DELETE", "/clients/0oa1/tokens").reply(204);
    expect("DELETE", "/clients/a%2Fb/tokens").reply(204);

    const auto metadata = outcome(revoke())["result_metadata"];

    EXPECT_EQ(metadata["client_tokens_deleted"], true);
    EXPECT_THAT(metadata["not_ended"], SizeIs(2));
}

TEST_F(OktaStronger, GoesOnAfterARefusedStepAndFails) {
    configure(R"(,"delete_grants":true,"delete_client_tokens":true)");
    expect_revocation().reply(204);
    expect("DELETE", "/grants").reply(404, refusal("E0000007"));
    expect("GET", "/clients").reply(200, "[]");

    const auto done = outcome(revoke());

    EXPECT_EQ(done["outcome"], "failed");  // not user_not_found: the sessions were there
    EXPECT_EQ(done["result_metadata"]["client_tokens_deleted"], true);
    EXPECT_EQ(done["result_metadata"]["grants_deleted"], false);
    EXPECT_THAT(done["result_metadata"]["refused"], ElementsAre("grants_deleted"));
}

TEST_F(OktaStronger, SaysThatTheSessionsGoOnIfTheyDo) {
    configure(R"(,"suspend_user":true)");
    expect_suspension().reply(200, "{}");
    expect_revocation().reply(403, refusal("E0000006"));

    const auto done = outcome(revoke());

    EXPECT_EQ(done["outcome"], "failed");
    EXPECT_THAT(done["result_metadata"]["not_ended"], ::testing::Contains("sessions at Okta"));
}

// PF-04
TEST_F(OktaStronger, NeverTakesABrokenListOfClientsForNone) {
    configure(R"(,"delete_client_tokens":true)");
    expect_revocation().reply(204);
    expect("GET", "/clients").reply(200, R"({"clients":[]})");

    EXPECT_EQ(outcome(revoke())["outcome"], "failed");
}

}  // namespace
}  // namespace okta_sessions
