// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "okta_test.hpp"

namespace okta_sessions {
namespace {

using quell::Status;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class OktaResolve : public OktaTest {
  protected:
    nlohmann::json accounts(const std::string& username) {
        const auto answer = resolve(username);
        return answer.ok() ? answer.reply.at("accounts") : nlohmann::json();
    }
};

TEST_F(OktaResolve, FindsAUserByLoginAndEmailOnce) {
    expect_fetch("alice%40corp.example").reply(200, user().dump());
    expect_search()
        .with_query("search", R"(profile.email eq "alice@corp.example")")
        .reply(200, users(user()));

    const auto found = accounts("alice@corp.example");

    ASSERT_THAT(found, SizeIs(1));
    EXPECT_EQ(found[0]["provider_user_id"], kAlice);
    EXPECT_EQ(found[0]["login"], "alice@corp.example");
    EXPECT_EQ(found[0]["email"], "alice@corp.example");
    EXPECT_EQ(found[0]["status"], "ACTIVE");
}

TEST_F(OktaResolve, ReturnsEachUserOfOneEmailAddress) {
    expect_fetch("carol%40corp.example").reply(404, refusal("E0000007"));
    expect_search().reply(200,
                          users(user(kAlice, "carol.cook@corp.example", "carol@corp.example"),
                                user(kOther, "carol-admin@corp.example", "Carol@corp.example")));

    EXPECT_THAT(accounts("carol@corp.example"), SizeIs(2));
}

TEST_F(OktaResolve, FindsALoginThatIsNoEmailAddressWithoutASearch) {
    expect_fetch("alice").reply(200, user(kAlice, "Alice").dump());

    EXPECT_THAT(accounts("alice"), SizeIs(1));
}

TEST_F(OktaResolve, AnswersAnEmptyListForAnUnknownUser) {
    expect_fetch("dave%40corp.example").reply(404, refusal("E0000007"));
    expect_search().reply(200, "[]");

    EXPECT_THAT(accounts("dave@corp.example"), IsEmpty());
}

// A deactivated user is told apart from one that nobody knows.
TEST_F(OktaResolve, SaysThatAUserIsDeactivated) {
    expect_fetch("ivan%40corp.example")
        .reply(200, user(kAlice, "ivan@corp.example", "ivan@corp.example", "DEPROVISIONED").dump());
    expect_search().reply(
        200, users(user(kAlice, "ivan@corp.example", "ivan@corp.example", "DEPROVISIONED")));

    const auto answer = resolve("ivan@corp.example");

    EXPECT_EQ(answer.status(), Status::not_found);
    EXPECT_THAT(answer.error->message, ::testing::HasSubstr("DEPROVISIONED"));
}

TEST_F(OktaResolve, DropsTheDeactivatedOneOfTwoUsers) {
    expect_fetch("ivan%40corp.example").reply(404, refusal("E0000007"));
    expect_search().reply(
        200, users(user(kOther, "ivan.old@corp.example", "ivan@corp.example", "DEPROVISIONED"),
                   user(kAlice, "ivan.new@corp.example", "ivan@corp.example")));

    const auto found = accounts("ivan@corp.example");

    ASSERT_THAT(found, SizeIs(1));
    EXPECT_EQ(found[0]["provider_user_id"], kAlice);
}

// PF-14
TEST_F(OktaResolve, DropsWhatMatchesMoreWidelyThanAsked) {
    // Okta's fetch also finds alice@corp.example by its short form.
    expect_fetch("alice").reply(200, user().dump());
    EXPECT_THAT(accounts("alice"), IsEmpty());

    expect_fetch("alice%40corp.example").reply(404, "");
    expect_search().reply(200, users(user(kOther, "alice@corp.example.org", "a@b.example")));
    EXPECT_THAT(accounts("alice@corp.example"), IsEmpty());
}

// PF-14
TEST_F(OktaResolve, EscapesTheUserNameInPathAndSearch) {
    expect_fetch("x%22%20or%20%221").reply(404, "");
    EXPECT_THAT(accounts("x\" or \"1"), IsEmpty());

    expect_fetch("%2A").reply(404, "");
    EXPECT_THAT(accounts("*"), IsEmpty());

    expect_fetch("a%22%20or%20id%20pr%5C%40b").reply(404, "");
    expect_search().with_query("search", R"(profile.email eq "a\" or id pr\\@b")").reply(200, "[]");
    EXPECT_THAT(accounts("a\" or id pr\\@b"), IsEmpty());
}

// PF-14
TEST_F(OktaResolve, SearchesForNamesThatMeanSomethingElseInAPath) {
    for (const std::string name : {"me", "ME", "..", ".", "corp/alice", "../../logs"}) {
        expect_search()
            .with_query("search",
                        "profile.login eq \"" + name + "\" or profile.email eq \"" + name + "\"")
            .reply(200, "[]");
        EXPECT_THAT(accounts(name), IsEmpty()) << name;
    }
}

TEST_F(OktaResolve, RefusesWhatNoUserNameCanBe) {
    for (const std::string& name : {std::string(), std::string("a\nb"), std::string(300, 'a')})
        EXPECT_EQ(resolve(name).status(), Status::invalid_argument);
    EXPECT_THAT(host_.requests(), IsEmpty());
}

TEST_F(OktaResolve, MapsRefusals) {
    const std::pair<int, Status> cases[] = {{400, Status::unknown},
                                            {401, Status::unauthenticated},
                                            {403, Status::permission_denied},
                                            {409, Status::aborted},
                                            {500, Status::unavailable}};
    for (const auto& [http_status, status] : cases) {
        expect_fetch("alice").reply(http_status, refusal("E0000006"));
        const auto answer = resolve("alice");
        EXPECT_EQ(answer.status(), status) << http_status;
        EXPECT_EQ(answer.error->http_status, http_status);
        EXPECT_EQ(answer.error->provider_code, "E0000006");
    }
}

// PROVIDERS.md 5: the codes, in words.
TEST_F(OktaResolve, TellsOktasCodesInWords) {
    const std::tuple<int, std::string_view, std::string> cases[] = {
        {403, "E0000006", "okta.users.manage"},
        {404, "E0000007", ""},
        {401, "E0000011", "credentials"},
        {429, "E0000047", "rate limit"}};
    for (const auto& [http_status, code, words] : cases) {
        expect_fetch("alice").reply(http_status, refusal(code));
        const auto answer = resolve("alice");
        if (words.empty()) {
            EXPECT_TRUE(answer.ok()) << code;
            continue;
        }
        EXPECT_THAT(answer.error->message, ::testing::HasSubstr(words));
        EXPECT_EQ(answer.error->provider_code, code);
    }
}

TEST_F(OktaResolve, TellsTheLimitOfRequestsAtOneTimeFromTheBucket) {
    expect_fetch("alice").reply(
            429, refusal("E0000047"),
            {{"x-rate-limit-limit", "0"}, {"x-rate-limit-reset", "9999999999"}});

    EXPECT_THAT(resolve("alice").error->message, ::testing::HasSubstr("at one time"));
}

TEST_F(OktaResolve, PassesNoCodeOnThatIsNotOktasForm) {
    expect_fetch("alice").reply(403, refusal(kProviderText));

    EXPECT_EQ(resolve("alice").error->provider_code, "");
}

// PF-01
TEST_F(OktaResolve, SaysWhenToComeBack) {
    expect_fetch("alice").reply(
        429, refusal("E0000047"),
        {{"retry-after", "60"}});

    const auto answer = resolve("alice");

    EXPECT_EQ(answer.status(), Status::resource_exhausted);
    EXPECT_EQ(answer.error->retry_after, std::chrono::seconds(60));
}

// PF-04
TEST_F(OktaResolve, NeverTakesABrokenAnswerForSuccess) {
    const std::string bodies[] = {"",
                                  "<html>",
                                  user().dump().substr(0, 30),
                                  "[]",
                                  R"({"id":"../x","profile":{"login":"alice"}})",
                                  refusal("E0000009"),
                                  std::string(9U << 20U, ' ')};
    for (const std::string& body : bodies) {
        expect_fetch("alice").reply(200, body);
        EXPECT_EQ(resolve("alice").status(), Status::unavailable) << body.substr(0, 80);
    }
}

}  // namespace
}  // namespace okta_sessions
