// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gtest/gtest.h>

#include "oauth/browser.hpp"
#include "oauth/templates.hpp"

namespace quell::oauth {
namespace {

using identity::Role;

struct Given {
    Browser browser;
    identity::NewClient wanted = browser.host.a_client();
    identity::CreatedClient created = browser.host.add_client(wanted);
    identity::User alice = browser.host.add_user("alice@corp.example", Role::analyst);
    Fields fields = browser.authorize_fields(created.client);

    http::Response page() {
        browser.sign_in("alice@corp.example");
        return browser.authorize(fields);
    }
};

bool shows(const http::Response& page, std::string_view text) {
    return page.body.find(text) != std::string::npos;
}

// V13
// OA-25
TEST(ConsentPage, NamesClientHostScopesAndPerson) {
    Given given;

    const http::Response page = given.page();

    for (const std::string_view text : {"SOAR", "soar.example", "alice@corp.example", "acme", "challenges:create",
                                        "challenges:read", "sessions:revoke", "devices:contain", ">Allow<", ">Deny<"}) {
        EXPECT_TRUE(shows(page, text)) << text;
    }
    EXPECT_FALSE(shows(page, "runs on your own computer"));
}

// OA-25
TEST(ConsentPage, WarnsOfAClientOnThisMachine) {
    Given given;
    given.wanted.redirect_uris = {"http://localhost/callback", "http://127.0.0.1/callback"};
    given.created = given.browser.host.add_client(given.wanted);
    given.fields = given.browser.authorize_fields(given.created.client);

    EXPECT_TRUE(shows(given.page(), "runs on your own computer"));
}

// UI-01
TEST(ConsentPage, ShowsAScriptInANameAsText) {
    Given given;
    given.wanted.name = "<script>alert('x')</script>\"&{{csrf}}{{{csrf}}}";
    given.created = given.browser.host.add_client(given.wanted);
    given.fields = given.browser.authorize_fields(given.created.client);

    const http::Response page = given.page();

    EXPECT_FALSE(shows(page, "<script"));
    EXPECT_TRUE(shows(page, "&lt;script&gt;alert(&apos;x&apos;)&lt;/script&gt;&quot;&amp;{{csrf}}{{{csrf}}}"));
}

// UI-01
TEST(Templates, NeverLeaveAValueUnescaped) {
    for (const std::string_view text : {embedded::oauth_head, embedded::oauth_foot, embedded::oauth_login,
                                        embedded::oauth_consent, embedded::oauth_account, embedded::oauth_message}) {
        EXPECT_EQ(text.find("{{{"), std::string_view::npos);
        EXPECT_EQ(text.find("{{&"), std::string_view::npos);
        EXPECT_EQ(text.find("<script"), std::string_view::npos);
        EXPECT_EQ(text.find("style="), std::string_view::npos);
    }
}

void expect_page_headers(const http::Response& page, const std::string& form_action) {
    EXPECT_EQ(header(page, "Content-Security-Policy"),
              "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'" +
                  form_action);
    EXPECT_EQ(header(page, "X-Frame-Options"), "DENY");
    EXPECT_EQ(header(page, "Referrer-Policy"), "no-referrer");
    EXPECT_EQ(header(page, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header(page, "Cache-Control"), "no-store");
}

// OA-24
TEST(Pages, CarryTheirProtection) {
    Given given;

    expect_page_headers(given.browser.get("/oauth/login"), "");
    expect_page_headers(given.browser.get("/oauth/login", encode({{"next", "/oauth/authorize?" + encode(given.fields)}})),
                        " https://soar.example");
    expect_page_headers(given.page(), " https://soar.example");
    expect_page_headers(given.browser.get("/oauth/login"), "");
    expect_page_headers(given.browser.authorize(with(given.fields, "redirect_uri", "https://evil.example/;x")), "");
}

// V13
TEST(Consent, DeniedGivesNoCode) {
    Given given;

    const http::Response response = given.browser.decide(given.page(), "deny");

    EXPECT_EQ(parameter(response, "error"), "access_denied");
    EXPECT_EQ(parameter(response, "state"), "state with & and =");
    EXPECT_EQ(parameter(response, "iss"), "https://quell.example");
    EXPECT_EQ(parameter(response, "code"), "");
}

void expect_refused(const http::Response& response) {
    EXPECT_EQ(response.status, 403U);
    EXPECT_EQ(header(response, "Location"), "");
}

// OA-23
TEST(Consent, NeedsItsOwnCsrfToken) {
    Given given;
    const http::Response page = given.page();
    const std::string request = hidden_field(page.body, "request");
    const std::string csrf = hidden_field(page.body, "csrf");

    expect_refused(given.browser.post("/oauth/consent", {{"request", request}, {"tenant", "acme"}, {"decision", "allow"}}));
    expect_refused(given.browser.post("/oauth/consent", {{"request", request},
                                                         {"csrf", csrf + "x"},
                                                         {"tenant", "acme"},
                                                         {"decision", "allow"}}));
    // The token of one request does not serve for another.
    const std::string other = encode(with(given.fields, "state", "other"));
    expect_refused(given.browser.post("/oauth/consent", {{"request", other},
                                                         {"csrf", csrf},
                                                         {"tenant", "acme"},
                                                         {"decision", "allow"}}));
}

// OA-23
TEST(Consent, RefusesAFormOfAnEarlierLogin) {
    Given given;
    const http::Response page = given.page();
    given.browser.sign_in("alice@corp.example");
    given.browser.cookies.clear();
    expect_refused(given.browser.decide(page, "allow"));

    given.browser.sign_in("alice@corp.example");

    expect_refused(given.browser.decide(page, "allow"));
}

TEST(Consent, ChecksTheRequestAgain) {
    Given given;
    const http::Response page = given.page();
    ASSERT_TRUE(given.browser.host.clients.remove_and_wait(TenantId("acme"), given.created.client.id, "uid:0"));

    const http::Response response = given.browser.decide(page, "allow");

    EXPECT_EQ(response.status, 400U);
    EXPECT_EQ(header(response, "Location"), "");
}

TEST(Consent, AsksForTheTenantWhereThereAreSeveral) {
    Given given;
    given.browser.host.add_user("alice@corp.example", Role::viewer, "globex");
    const http::Response page = given.page();
    EXPECT_TRUE(shows(page, "value=\"acme\""));
    EXPECT_TRUE(shows(page, "value=\"globex\""));
    EXPECT_FALSE(shows(page, "checked"));
    EXPECT_EQ(given.browser.decide(page, "allow", "").status, 400U);

    EXPECT_EQ(given.browser.decide(page, "allow", "initech").status, 400U);
    const std::string code = parameter(given.browser.decide(page, "allow", "globex"), "code");
    const json::Object tokens = document(given.browser.post("/oauth/token", given.browser.code_fields(given.created, code)));
    const auto principal = given.browser.host.authenticator.check_bearer(text(tokens, "access_token"));

    ASSERT_TRUE(principal);
    EXPECT_EQ(principal->tenant, TenantId("globex"));
    EXPECT_EQ(principal->scopes, identity::ScopeSet{identity::Scope::challenges_read});
}

}  // namespace
}  // namespace quell::oauth
