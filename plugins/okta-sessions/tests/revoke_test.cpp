// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "okta_test.hpp"

namespace okta_sessions {
namespace {

using quell::Status;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using OktaRevoke = OktaTest;

TEST_F(OktaRevoke, EndsSessionsAndSaysWhatGoesOn) {
    expect_revocation()
        .with_query("oauthTokens", "false")
        .with_query("forgetDevices", "false")
        .reply(204);

    const auto done = outcome(revoke());

    EXPECT_EQ(done["state"], "confirmed");
    EXPECT_EQ(done["outcome"], "revoked");
    EXPECT_THAT(done["result_metadata"]["not_ended"], SizeIs(3));
    EXPECT_FALSE(host_.requests().at(0).idempotent);
}

TEST_F(OktaRevoke, TakesBothFlagsFromTheSettings) {
    configure(R"(,"revoke_oauth_tokens":true,"forget_devices":true)");
    expect_revocation()
        .with_query("oauthTokens", "true")
        .with_query("forgetDevices", "true")
        .reply(204);

    const auto metadata = outcome(revoke())["result_metadata"];

    EXPECT_EQ(metadata["oauth_tokens_revoked"], true);
    EXPECT_EQ(metadata["devices_forgotten"], true);
    EXPECT_THAT(metadata["not_ended"], SizeIs(1));
}

TEST_F(OktaRevoke, SaysThatTheUserIsGone) {
    expect_revocation().reply(404, refusal("E0000007"));

    const auto done = outcome(revoke());

    EXPECT_EQ(done["state"], "failed");
    EXPECT_EQ(done["outcome"], "user_not_found");
    EXPECT_EQ(done["error"]["provider_code"], "E0000007");
    EXPECT_EQ(done["result_metadata"]["error_id"], "oaeX1-y");
}

TEST_F(OktaRevoke, FailsOnARefusal) {
    const std::pair<int, std::string_view> cases[] = {
        {400, "unknown"}, {401, "unauthenticated"}, {403, "permission_denied"}, {409, "aborted"}};
    for (const auto& [http_status, status] : cases) {
        expect_revocation().reply(http_status, refusal("E0000006"));
        const auto done = outcome(revoke());
        EXPECT_EQ(done["outcome"], "failed");
        EXPECT_EQ(done["error"]["status"], status);
        EXPECT_EQ(done["error"]["http_status"], http_status);
    }
}

TEST_F(OktaRevoke, NamesTheMissingScope) {
    expect_revocation().reply(403, refusal("E0000006"));

    EXPECT_THAT(outcome(revoke())["error"]["message"].get<std::string>(),
                HasSubstr("okta.users.manage"));
}

// PF-02
TEST_F(OktaRevoke, SendsAgainAfterServerErrors) {
    expect_revocation().reply(500, "");
    expect_revocation().reply(502, "");
    expect_revocation().reply(204);

    EXPECT_EQ(outcome(revoke())["outcome"], "revoked");
}

TEST_F(OktaRevoke, GivesUpAfterThreeServerErrors) {
    for (int sends = 0; sends < 3; ++sends)
        expect_revocation().reply(503, "");

    EXPECT_EQ(outcome(revoke())["error"]["status"], "unavailable");
}

// PF-03: the first one may have been done all the same
TEST_F(OktaRevoke, CannotTellIfItIsRefusedWhenItIsSentAgain) {
    expect_revocation().reply(500, "");
    expect_revocation().reply(429, refusal("E0000047"));

    EXPECT_EQ(outcome(revoke())["error"]["status"], "unavailable");
}

// PF-01
TEST_F(OktaRevoke, SendsAgainNoSoonerThanTheProviderAsks) {
    expect_revocation().reply(503, "", {{"retry-after", "7"}});
    expect_revocation().reply(204);
    const auto before = host_.now();

    EXPECT_EQ(outcome(revoke())["outcome"], "revoked");

    EXPECT_EQ(host_.now() - before, std::chrono::seconds{7});
}

// PF-01
TEST_F(OktaRevoke, DoesNotWaitForATimeBeyondTheDeadline) {
    expect_revocation().reply(503, "", {{"retry-after", "3600"}});

    EXPECT_EQ(outcome(revoke())["error"]["retry_after_ms"], 3'600'000);
}

// PF-01
TEST_F(OktaRevoke, FailsWithTheTimeToComeBackOnALongRateLimit) {
    expect_revocation().reply(
        429, refusal("E0000047"),
        {{"retry-after", "60"}});

    EXPECT_EQ(outcome(revoke())["error"]["retry_after_ms"], 60'000);
}

// PF-03
TEST_F(OktaRevoke, ReportsALostAnswerAsSuch) {
    expect_revocation().fail(quell::unavailable("connection lost"));

    EXPECT_EQ(revoke().status(), Status::unavailable);
}

// PF-04
TEST_F(OktaRevoke, NeverTakesAnotherSuccessForARevocation) {
    expect_revocation().reply(200, refusal("E0000009"));

    EXPECT_EQ(revoke().status(), Status::unavailable);
}

TEST_F(OktaRevoke, RefusesAnIdThatCouldLeaveThePath) {
    for (const std::string_view id : {"../x", "me", "a/b", "a?b", "x#"})
        EXPECT_EQ(outcome(revoke(id))["error"]["status"], "invalid_argument") << id;
    EXPECT_THAT(host_.requests(), IsEmpty());
}

}  // namespace
}  // namespace okta_sessions
