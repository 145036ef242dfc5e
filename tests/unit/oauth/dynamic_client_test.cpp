// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "oauth/browser.hpp"

namespace quell::oauth {
namespace {

using identity::Role;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kRedirect = "https://localhost:5000/oauth/callback";

// An administrator, an analyst, and a client that nobody knows yet.
struct Given {
    Browser browser;
    Fields fields = {{"response_type", "code"},
                     {"client_id", "dynamic"},
                     {"redirect_uri", std::string(kRedirect)},
                     {"scope", "challenges:create devices:contain"},
                     {"state", "s & t"},
                     {"code_challenge", std::string(identity::kChallenge)},
                     {"code_challenge_method", "S256"}};

    Given() {
        browser.host.add_user("admin@corp.example", Role::admin);
        browser.host.add_user("analyst@corp.example", Role::analyst);
    }
    http::Response page(const Fields& asked) {
        browser.sign_in("admin@corp.example");
        return browser.authorize(asked);
    }
    http::Response allow() { return browser.decide(page(fields), "allow"); }
    std::vector<identity::ListedClient> clients() const {
        return browser.host.clients.list(TenantId("acme")).value();
    }
    http::Response redeem(const std::string& code, const std::string& client_id = {}) {
        return browser.post("/oauth/token", with({{"grant_type", "authorization_code"},
                                                  {"code", code},
                                                  {"redirect_uri", std::string(kRedirect)},
                                                  {"code_verifier", std::string(identity::kVerifier)}},
                                                 "client_id", client_id));
    }
};

void expect_local_refusal(const http::Response& response, unsigned status = 400) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(header(response, "Location"), "");
}

// V08
// V09
// V12
// V16
TEST(DynamicClient, IsMadeByOneConsentThatGivesACode) {
    for (const std::string id : {"dynamic", ""}) {
        Given given;
        given.fields = with(given.fields, "client_id", id);

        const http::Response response = given.allow();

        EXPECT_EQ(response.status, 303U);
        EXPECT_TRUE(header(response, "Location").starts_with(std::string(kRedirect) + "?code="));
        EXPECT_EQ(parameter(response, "state"), "s & t");
        EXPECT_EQ(parameter(response, "iss"), identity::kPublicUrl);
        ASSERT_EQ(given.clients().size(), 1U);
        const identity::Client client = given.clients().front().client;
        EXPECT_EQ(client.kind, identity::ClientKind::dynamic);
        EXPECT_EQ(client.tenant.str(), "acme");
        EXPECT_EQ(client.name, "MCP client at localhost");
        EXPECT_EQ(parameter(response, "client_id"), client.id.str());
        EXPECT_TRUE(given.browser.host.has_event("client_created"));
    }
}

// V09
// V14
TEST(DynamicClient, GetsTokensByEachOfItsNames) {
    for (const std::string name : {"dynamic", "", "own"}) {
        Given given;
        const http::Response allowed = given.allow();
        const std::string id = name == "own" ? parameter(allowed, "client_id") : name;

        const json::Object tokens = document(given.redeem(parameter(allowed, "code"), id));
        const http::Response refreshed =
            given.browser.post("/oauth/token", with({{"grant_type", "refresh_token"},
                                                     {"refresh_token", text(tokens, "refresh_token")}},
                                                    "client_id", id));

        EXPECT_EQ(text(tokens, "scope"), "challenges:create devices:contain");
        EXPECT_EQ(key_of(given.browser.host.authenticator.check_bearer(text(tokens, "access_token"))), "ok");
        EXPECT_EQ(refreshed.status, 200U) << refreshed.body;
    }
}

// OA-05
TEST(DynamicClient, ProvesItselfByItsVerifierAlone) {
    Given given;
    const std::string code = parameter(given.allow(), "code");

    EXPECT_EQ(text(document(given.browser.post("/oauth/token", {{"grant_type", "authorization_code"},
                                                                {"code", code},
                                                                {"code_verifier", std::string(43, 'x')}})),
                   "error"),
              "invalid_grant");
}

// OA-10
TEST(DynamicClient, DoesNotLendItsNameToOtherClients) {
    Given given;
    identity::NewClient wanted = given.browser.host.a_client();
    wanted.confidential = false;
    const identity::Client fixed = given.browser.host.add_client(wanted).client;
    const identity::User user = given.browser.host.add_user("bob@corp.example");
    const std::string code =
        given.browser.host.run(given.browser.host.tokens.approve(given.browser.host.an_approval(fixed, user))).value();

    EXPECT_EQ(given.redeem(code, "dynamic").status, 401U);
    EXPECT_EQ(given.redeem("unknown", "dynamic").status, 401U);
}

// V10
TEST(DynamicClient, SendsAStrangerToTheLoginAndBack) {
    Given given;

    const http::Response response = given.browser.authorize(given.fields);

    EXPECT_EQ(response.status, 302U);
    EXPECT_EQ(parameter(response, "next"), "/oauth/authorize?" + encode(given.fields));
}

// V10
// OA-26
TEST(DynamicClient, IsNotForAnalystsAndViewersToMake) {
    Given given;
    given.browser.host.add_user("viewer@corp.example", Role::viewer);
    for (const std::string email : {"analyst@corp.example", "viewer@corp.example"}) {
        given.browser.cookies.clear();
        given.browser.sign_in(email);

        const http::Response response = given.browser.authorize(given.fields);

        expect_local_refusal(response, 403);
        EXPECT_THAT(response.body, HasSubstr("administrator"));
    }
    EXPECT_TRUE(given.clients().empty());
}

// V10
TEST(DynamicClient, IsMadeWhereThePersonIsAnAdministratorOnly) {
    Given given;
    given.browser.host.add_user("admin@corp.example", Role::analyst, "globex");
    const http::Response page = given.page(given.fields);

    EXPECT_THAT(page.body, Not(HasSubstr("globex")));
    expect_local_refusal(given.browser.decide(page, "allow", "globex"));
    EXPECT_TRUE(given.clients().empty());
}

// V10
TEST(DynamicClient, IsNotMadeByAnAdministratorWhoIsNoneAnyMore) {
    Given given;
    const http::Response page = given.page(given.fields);
    given.browser.host.tamper("UPDATE memberships SET role = 'analyst'");

    expect_local_refusal(given.browser.decide(page, "allow"), 403);
    EXPECT_TRUE(given.clients().empty());
}

// V11
// OA-27
TEST(DynamicClient, IsNeverSentToARedirectThatTheRulesRefuse) {
    Given given;
    for (const std::string uri : {"http://evil.example/cb", "javascript:alert(1)", "data:text/html,x",
                                  "https://x.example/cb#f", "https://*.example/cb", "cursor://evil/oauth/callback",
                                  "https://user@x.example/cb", "vscode://x/cb", ""}) {
        expect_local_refusal(given.page(with(given.fields, "redirect_uri", uri)));
    }
}

// V11
TEST(DynamicClient, TakesCursorsOwnAddress) {
    Given given;
    given.fields = with(given.fields, "redirect_uri", "cursor://anysphere.cursor-mcp/oauth/callback");

    EXPECT_TRUE(header(given.allow(), "Location").starts_with("cursor://anysphere.cursor-mcp/oauth/callback?code="));
}

// OA-27
// V12
TEST(DynamicClient, IsToldOfNoMistakeByARedirect) {
    Given given;
    for (const auto& [name, value] : Fields{{"response_type", "token"},
                                            {"response_type", ""},
                                            {"code_challenge", ""},
                                            {"code_challenge_method", "plain"},
                                            {"code_challenge_method", ""},
                                            {"scope", "everything"},
                                            {"resource", "https://evil.example/mcp"}}) {
        const Fields bad = with(with(given.fields, "redirect_uri", "https://evil.example/cb"), name, value);
        expect_local_refusal(given.page(bad));
    }
    EXPECT_THAT(given.page(with(given.fields, "code_challenge", "")).body, HasSubstr("invalid_request"));
    expect_local_refusal(given.browser.get("/oauth/authorize", encode(given.fields) + "&client_id=dynamic"));
    EXPECT_TRUE(given.clients().empty());
}

// OA-27
TEST(DynamicClient, IsNeitherMadeNorToldWhenThePersonSaysNo) {
    Given given;

    expect_local_refusal(given.browser.decide(given.page(given.fields), "deny"), 403);
    EXPECT_TRUE(given.clients().empty());
}

// OA-30
TEST(DynamicClient, NeedsAConsentOfItsOwn) {
    Given given;
    given.allow();

    const http::Response again = given.browser.authorize(given.fields);

    EXPECT_EQ(again.status, 200U);
    EXPECT_THAT(again.body, HasSubstr("decision"));
    given.browser.decide(again, "allow");
    EXPECT_EQ(given.clients().size(), 2U);
}

// V13
TEST(DynamicClient, IsShownAsNewWithWhereTheAnswerGoes) {
    Given given;

    const http::Response page = given.page(with(given.fields, "client_name", "Night watch"));

    for (const std::string_view shown : {"Night watch", ">localhost<", "new here", "challenges:create", "devices:contain"}) {
        EXPECT_THAT(page.body, HasSubstr(shown));
    }
    EXPECT_THAT(page.body, Not(HasSubstr("sessions:revoke")));
}

// UI-01
TEST(DynamicClient, IsNotCalledByANameThatMisleads) {
    Given given;

    EXPECT_THAT(given.page(with(given.fields, "client_name", "a\u202Eb")).body, HasSubstr("MCP client at localhost"));
}

// E13
TEST(DynamicClient, LeadsToKnownVendorsOnlyIfTheSettingsSaySo) {
    Given given;
    given.browser.settings.redirect_hosts = {.any = false, .known_clients = true, .hosts = {}};

    expect_local_refusal(given.page(with(given.fields, "redirect_uri", "https://evilclaude.ai/cb")));
    EXPECT_EQ(given.page(with(given.fields, "redirect_uri", "https://claude.ai/cb")).status, 200U);
}

TEST(DynamicClient, IsNotMadeWhereThatIsOff) {
    Given given;
    given.browser.settings.dynamic_clients = false;

    expect_local_refusal(given.page(given.fields));
    expect_local_refusal(given.page(with(given.fields, "client_id", "")));
}

// V26
// V27
// OA-21
TEST(DynamicClient, DiesWithAllItHolds) {
    Given given;
    const json::Object tokens = document(given.redeem(parameter(given.allow(), "code")));
    const std::string access = text(tokens, "access_token");
    ASSERT_EQ(key_of(given.browser.host.authenticator.check_bearer(access)), "ok");

    ASSERT_TRUE(given.browser.host.clients.remove_and_wait(TenantId("acme"), given.clients().front().client.id, "uid:0"));

    EXPECT_EQ(key_of(given.browser.host.authenticator.check_bearer(access)), "invalid_token");
    EXPECT_EQ(given.browser.post("/oauth/token", {{"grant_type", "refresh_token"},
                                                  {"refresh_token", text(tokens, "refresh_token")}})
                  .status,
              401U);
}

}  // namespace
}  // namespace quell::oauth
