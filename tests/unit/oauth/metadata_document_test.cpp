// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "oauth/browser.hpp"

namespace quell::oauth {
namespace {

using identity::Role;
using ::testing::HasSubstr;

constexpr std::string_view kId = "https://client.example/oauth/client.json";

struct Given {
    Browser browser;
    Fields fields = {{"response_type", "code"},
                     {"client_id", std::string(kId)},
                     {"redirect_uri", "http://127.0.0.1:8912/callback"},
                     {"state", "s"},
                     {"code_challenge", std::string(identity::kChallenge)},
                     {"code_challenge_method", "S256"}};

    Given() {
        browser.host.add_user("analyst@corp.example", Role::analyst);
        serve(R"("http://127.0.0.1/callback","https://client.example/cb")");
    }
    void serve(const std::string& redirects) {
        browser.web.response = {.status = 200,
                                .headers = {{"content-type", "application/json"}, {"cache-control", "no-store"}},
                                .body = R"({"client_id":")" + std::string(kId) + R"(","client_name":"Editor",)" +
                                        R"("redirect_uris":[)" + redirects +
                                        R"(],"grant_types":["authorization_code","refresh_token"]})"};
    }
    http::Response page() {
        browser.sign_in("analyst@corp.example");
        return browser.authorize(fields);
    }
    http::Response redeem(const std::string& code) {
        return browser.post("/oauth/token", {{"grant_type", "authorization_code"},
                                             {"client_id", std::string(kId)},
                                             {"code", code},
                                             {"code_verifier", std::string(identity::kVerifier)}});
    }
};

void expect_local_refusal(const http::Response& response) {
    EXPECT_EQ(response.status, 400U);
    EXPECT_EQ(header(response, "Location"), "");
}

TEST(MetadataDocumentClient, GetsTokensWithoutARegistration) {
    Given given;

    const http::Response allowed = given.browser.decide(given.page(), "allow");
    const http::Response tokens = given.redeem(parameter(allowed, "code"));

    EXPECT_TRUE(header(allowed, "Location").starts_with("http://127.0.0.1:8912/callback?code="));
    ASSERT_EQ(tokens.status, 200U) << tokens.body;
    EXPECT_NE(text(document(tokens), "refresh_token"), "");
    const auto listed = given.browser.host.clients.list(TenantId("acme")).value();
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_EQ(listed.front().client.id.str(), kId);
    EXPECT_EQ(listed.front().client.kind, identity::ClientKind::metadata);
}

// OA-25
TEST(MetadataDocumentClient, IsShownWithItsHostAndAWarningIfTheAnswerStaysOnThisMachine) {
    Given given;

    EXPECT_THAT(given.page().body, testing::AllOf(HasSubstr(">client.example<"), HasSubstr(">127.0.0.1<"),
                                                  HasSubstr("Editor"), HasSubstr("own computer")));
    const Fields elsewhere = with(given.fields, "redirect_uri", "https://client.example/cb");
    EXPECT_THAT(given.browser.authorize(elsewhere).body, testing::Not(HasSubstr("own computer")));
}

// Strangers make the host ask nobody.
TEST(MetadataDocumentClient, IsFetchedForPeopleWhoAreSignedInOnly) {
    Given given;

    EXPECT_EQ(given.browser.authorize(given.fields).status, 302U);
    EXPECT_EQ(given.browser.web.asked, 0);
    EXPECT_EQ(given.page().status, 200U);
    EXPECT_EQ(given.browser.web.asked, 1);
}

// DC-04
TEST(MetadataDocumentClient, IsRefusedOnALocalPageIfItsDocumentIs) {
    Given given;
    given.browser.web.response.status = 302;

    const http::Response response = given.page();

    expect_local_refusal(response);
    EXPECT_THAT(response.body, HasSubstr("invalid_client"));
    given.serve(R"("http://127.0.0.1/callback")");
    EXPECT_EQ(given.browser.authorize(given.fields).status, 200U);
}

// OA-02
TEST(MetadataDocumentClient, LeadsOnlyWhereItsDocumentSays) {
    Given given;
    given.browser.sign_in("analyst@corp.example");

    for (const std::string uri : {"https://evil.example/cb", "http://127.0.0.1:8912/other", "http://localhost/callback"}) {
        expect_local_refusal(given.browser.authorize(with(given.fields, "redirect_uri", uri)));
    }
}

TEST(MetadataDocumentClient, IsNotFollowedToARedirectThatItHasTakenBack) {
    Given given;
    const http::Response page = given.page();
    given.serve(R"("https://client.example/cb")");

    expect_local_refusal(given.browser.decide(page, "allow"));
    EXPECT_TRUE(given.browser.host.clients.list(TenantId("acme"))->empty());
}

// E11
TEST(MetadataDocumentClient, IsRememberedIfItProvesItselfByItsHost) {
    Given given;
    given.fields = with(given.fields, "redirect_uri", "https://client.example/cb");
    given.browser.decide(given.page(), "allow");

    EXPECT_EQ(given.browser.authorize(given.fields).status, 302U);
}

TEST(MetadataDocumentClient, IsRefusedFromHostsThatAreNotTrusted) {
    Given given;
    given.browser.settings.metadata_documents.trusted_hosts = {"claude.ai"};

    expect_local_refusal(given.page());
    EXPECT_EQ(given.browser.web.asked, 0);
}

TEST(MetadataDocumentClient, IsRefusedWhereDocumentsAreOff) {
    Given given;
    given.browser.settings.metadata_documents.enabled = false;

    expect_local_refusal(given.page());
    EXPECT_FALSE(document(given.browser.get("/.well-known/oauth-authorization-server"))
                     .contains("client_id_metadata_document_supported"));
}

TEST(MetadataDocumentClient, IsNotFetchedTooOftenForOneAddress) {
    Given given;
    given.browser.sign_in("analyst@corp.example");
    for (int i = 0; i < 60; ++i) {
        ASSERT_EQ(given.browser.authorize(given.fields).status, 200U);
    }

    EXPECT_EQ(given.browser.authorize(given.fields).status, 429U);
    EXPECT_EQ(given.browser.web.asked, 60);
}

// OA-30
TEST(MetadataDocumentClient, IsConsentedToInEachTenant) {
    Given given;
    given.fields = with(given.fields, "redirect_uri", "https://client.example/cb");
    given.browser.decide(given.page(), "allow");
    given.browser.host.add_user("eve@globex.example", Role::analyst, "globex");
    given.browser.cookies.clear();
    given.browser.sign_in("eve@globex.example");

    EXPECT_EQ(given.browser.authorize(given.fields).status, 200U);
}

}  // namespace
}  // namespace quell::oauth
