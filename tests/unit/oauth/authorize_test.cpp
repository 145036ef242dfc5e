// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gtest/gtest.h>

#include "oauth/browser.hpp"

namespace quell::oauth {
namespace {

using identity::Client;
using identity::Role;

struct Given {
    Browser browser;
    identity::CreatedClient created = browser.host.add_client(browser.host.a_client());
    identity::User alice = browser.host.add_user("alice@corp.example", Role::analyst);
    Fields fields = browser.authorize_fields(created.client);
};

void expect_error_redirect(const http::Response& response, std::string_view error) {
    EXPECT_EQ(response.status, 302U);
    EXPECT_TRUE(header(response, "Location").starts_with("https://soar.example/callback?")) << header(response, "Location");
    EXPECT_EQ(parameter(response, "error"), error);
    EXPECT_EQ(parameter(response, "state"), "state with & and =");
    EXPECT_EQ(parameter(response, "iss"), "https://quell.example");
    EXPECT_EQ(parameter(response, "code"), "");
}

void expect_local_refusal(const http::Response& response) {
    EXPECT_EQ(response.status, 400U);
    EXPECT_EQ(header(response, "Location"), "");
    EXPECT_EQ(header(response, "Content-Type"), "text/html; charset=utf-8");
}

// E10
TEST(Authorize, SendsAStrangerToTheLoginAndBack) {
    Given given;

    const http::Response response = given.browser.authorize(given.fields);

    EXPECT_EQ(response.status, 302U);
    ASSERT_TRUE(header(response, "Location").starts_with("/oauth/login?next="));
    const std::string next = parameter(response, "next");
    EXPECT_EQ(next, "/oauth/authorize?" + encode(given.fields));
    const http::Response back = given.browser.sign_in("alice@corp.example", std::string(identity::kPassword), next);
    EXPECT_EQ(back.status, 303U);
    EXPECT_EQ(header(back, "Location"), next);
}

// V14
// OA-07
TEST(Authorize, EndsWithACodeStateAndIssuerAfterAllow) {
    Given given;
    given.browser.sign_in("alice@corp.example");

    const http::Response page = given.browser.authorize(given.fields);
    const http::Response response = given.browser.decide(page, "allow");

    EXPECT_EQ(page.status, 200U);
    EXPECT_EQ(response.status, 303U);
    EXPECT_TRUE(header(response, "Location").starts_with("https://soar.example/callback?code="));
    EXPECT_EQ(parameter(response, "state"), "state with & and =");
    EXPECT_EQ(parameter(response, "iss"), "https://quell.example");
    EXPECT_EQ(header(response, "Cache-Control"), "no-store");
    EXPECT_EQ(header(response, "Referrer-Policy"), "no-referrer");
}

// OA-02
TEST(Authorize, NeverRedirectsToAnUnregisteredUri) {
    Given given;
    given.browser.sign_in("alice@corp.example");

    for (const std::string uri :
         {"https://evil.example/callback", "https://soar.example/callback/", "https://soar.example/callback?x",
          "https://soar.example.evil.example/callback", "javascript:alert(1)", "http://localhost/callback", "x"}) {
        expect_local_refusal(given.browser.authorize(with(given.fields, "redirect_uri", uri)));
    }
}

// V20
TEST(Authorize, NeverRedirectsForAClientItDoesNotKnow) {
    Given given;

    expect_local_refusal(given.browser.authorize(with(given.fields, "client_id", "unknown")));
    expect_local_refusal(given.browser.authorize(with(given.fields, "redirect_uri", "")));
}

// V20
// OA-07
TEST(Authorize, NamesAMissingResponseTypeToTheClient) {
    Given given;

    expect_error_redirect(given.browser.authorize(with(given.fields, "response_type", "")), "invalid_request");
}

// OA-14
TEST(Authorize, KnowsTheCodeAlone) {
    Given given;

    for (const std::string type : {"token", "id_token", "code token", "none"}) {
        expect_error_redirect(given.browser.authorize(with(given.fields, "response_type", type)),
                              "unsupported_response_type");
    }
}

// OA-03
TEST(Authorize, NeedsAChallenge) {
    Given given;

    expect_error_redirect(given.browser.authorize(with(given.fields, "code_challenge", "")), "invalid_request");
}

// OA-04
TEST(Authorize, TakesS256Alone) {
    Given given;

    for (const std::string method : {"plain", "", "s256", "S512"}) {
        expect_error_redirect(given.browser.authorize(with(given.fields, "code_challenge_method", method)),
                              "invalid_request");
    }
    expect_error_redirect(given.browser.authorize(with(given.fields, "code_challenge", "short")), "invalid_request");
}

// OA-12
TEST(Authorize, KnowsOneResource) {
    Given given;

    for (const std::string resource : {"https://evil.example/mcp", "https://quell.example", "https://quell.example/mcp/"}) {
        expect_error_redirect(given.browser.authorize(with(given.fields, "resource", resource)), "invalid_target");
    }
}

// OA-11
TEST(Authorize, RefusesScopesOnlyIfNoneIsLeft) {
    Given given;
    given.browser.sign_in("alice@corp.example");

    expect_error_redirect(given.browser.authorize(with(given.fields, "scope", "unknown offline_access")), "invalid_scope");
    EXPECT_EQ(given.browser.authorize(with(given.fields, "scope", "unknown devices:contain")).status, 200U);
}

// OA-11
TEST(Authorize, RefusesWhatTheUsersRoleMayNotGive) {
    Given given;
    given.browser.host.add_user("viewer@corp.example", Role::viewer);
    given.browser.sign_in("viewer@corp.example");

    expect_error_redirect(given.browser.authorize(with(given.fields, "scope", "devices:contain")), "invalid_scope");
    const http::Response page = given.browser.authorize(given.fields);
    EXPECT_NE(page.body.find("challenges:read"), std::string::npos);
    EXPECT_EQ(page.body.find("<code>devices:contain"), std::string::npos);
}

// OA-17
TEST(Authorize, RefusesARepeatedParameter) {
    Given given;
    const std::string query = encode(given.fields);

    expect_error_redirect(given.browser.get("/oauth/authorize", query + "&scope=devices:contain"), "invalid_request");
    expect_local_refusal(given.browser.get("/oauth/authorize", query + "&client_id=other"));
    expect_local_refusal(given.browser.get("/oauth/authorize", query + "&redirect_uri=https://evil.example"));
}

TEST(Authorize, RefusesAClientWithoutTheCodeGrant) {
    Given given;
    given.browser.host.tamper("UPDATE clients SET grant_types = '[\"client_credentials\"]'");

    expect_error_redirect(given.browser.authorize(given.fields), "unauthorized_client");
}

TEST(Authorize, DeniesAPersonOfAnotherTenant) {
    Given given;
    given.browser.host.add_user("eve@globex.example", Role::owner, "globex");
    given.browser.sign_in("eve@globex.example");

    expect_error_redirect(given.browser.authorize(given.fields), "access_denied");
}

TEST(Authorize, RefusesAQueryThatIsTooLong) {
    Given given;

    expect_local_refusal(given.browser.authorize(with(given.fields, "state", std::string(5000, 'x'))));
}

// OA-28
TEST(Authorize, HasNoCorsHeaders) {
    Given given;

    const http::Response response = given.browser.authorize(given.fields);

    for (const auto& [name, value] : response.headers) {
        EXPECT_FALSE(name.starts_with("Access-Control")) << name;
    }
}

// E11
TEST(Authorize, RemembersAConsentToAClientThatCanProveItself) {
    Given given;
    given.browser.sign_in("alice@corp.example");
    given.browser.decide(given.browser.authorize(given.fields), "allow");

    const http::Response again = given.browser.authorize(given.fields);

    EXPECT_EQ(again.status, 302U);
    EXPECT_NE(parameter(again, "code"), "");
    EXPECT_EQ(given.browser.authorize(with(given.fields, "prompt", "consent")).status, 200U);
}

// RFC 8252 8.6.
TEST(Authorize, AsksAgainForAPublicClientOnThisMachine) {
    Given given;
    identity::NewClient wanted = given.browser.host.a_client();
    wanted.confidential = false;
    wanted.redirect_uris = {"http://127.0.0.1/callback"};
    const Fields fields = given.browser.authorize_fields(given.browser.host.add_client(wanted).client);
    given.browser.sign_in("alice@corp.example");
    given.browser.decide(given.browser.authorize(fields), "allow");

    EXPECT_EQ(given.browser.authorize(fields).status, 200U);
}

// OA-30
TEST(Authorize, AsksAgainForAnotherClient) {
    Given given;
    given.browser.sign_in("alice@corp.example");
    given.browser.decide(given.browser.authorize(given.fields), "allow");
    const Client second = given.browser.host.add_client(given.browser.host.a_client()).client;

    EXPECT_EQ(given.browser.authorize(given.browser.authorize_fields(second)).status, 200U);
}

// E14
TEST(Authorize, TakesALoopbackOnAnyPort) {
    Given given;
    identity::NewClient wanted = given.browser.host.a_client();
    wanted.redirect_uris = {"http://127.0.0.1:5000/callback"};
    const Client client = given.browser.host.add_client(wanted).client;
    given.browser.sign_in("alice@corp.example");
    const Fields fields = with(given.browser.authorize_fields(client), "redirect_uri", "http://127.0.0.1:61234/callback");

    const http::Response response = given.browser.decide(given.browser.authorize(fields), "allow");

    EXPECT_TRUE(header(response, "Location").starts_with("http://127.0.0.1:61234/callback?code="));
}

TEST(Authorize, IsServedUnderItsSecondName) {
    Given given;

    EXPECT_EQ(given.browser.get("/oauth/mcp/authorize", encode(given.fields)).status, 302U);
}

}  // namespace
}  // namespace quell::oauth
