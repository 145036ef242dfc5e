// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "oauth/browser.hpp"

namespace quell::oauth {
namespace {

using identity::Role;

struct Given {
    Browser browser;
    Fields fields = {{"response_type", "code"},
                     {"client_id", "quell-public"},
                     {"redirect_uri", "http://127.0.0.1:8912/callback"},
                     {"code_challenge", std::string(identity::kChallenge)},
                     {"code_challenge_method", "S256"}};

    Given() {
        browser.settings.shared_client = "quell-public";
        browser.host.add_user("analyst@corp.example", Role::analyst);
        browser.sign_in("analyst@corp.example");
    }
    http::Response allow() { return browser.decide(browser.authorize(fields), "allow"); }
    http::Response redeem(const std::string& code) {
        return browser.post("/oauth/token", {{"grant_type", "authorization_code"},
                                             {"client_id", "quell-public"},
                                             {"code", code},
                                             {"code_verifier", std::string(identity::kVerifier)}});
    }
};

void expect_local_refusal(const http::Response& response) {
    EXPECT_EQ(response.status, 400U);
    EXPECT_EQ(header(response, "Location"), "");
}

// E06
TEST(SharedClient, GivesEverybodyTokensOfTheirOwn) {
    Given given;

    const http::Response tokens = given.redeem(parameter(given.allow(), "code"));

    ASSERT_EQ(tokens.status, 200U) << tokens.body;
    const auto principal = given.browser.host.authenticator.check_bearer(text(document(tokens), "access_token"));
    EXPECT_EQ(principal->label, "analyst@corp.example");
    const auto listed = given.browser.host.clients.list(TenantId("acme")).value();
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_EQ(listed.front().client.kind, identity::ClientKind::shared);
}

TEST(SharedClient, IsOffIfNothingIsSaid) {
    Given given;
    given.browser.settings.shared_client = "";

    expect_local_refusal(given.browser.authorize(given.fields));
}

// E06
TEST(SharedClient, IsUnknownOnceItIsSwitchedOff) {
    Given given;
    given.allow();
    given.browser.settings.shared_client = "";

    expect_local_refusal(given.browser.authorize(given.fields));
}

// E13
TEST(SharedClient, LeadsToKnownVendorsAndThisMachineWhateverTheSettingsAllow) {
    Given given;

    expect_local_refusal(given.browser.authorize(with(given.fields, "redirect_uri", "https://soar.example/cb")));
    expect_local_refusal(given.browser.authorize(with(given.fields, "redirect_uri", "https://evilclaude.ai/cb")));
    EXPECT_EQ(given.browser.authorize(with(given.fields, "redirect_uri", "https://claude.ai/cb")).status, 200U);
}

// E06
TEST(SharedClient, AsksForConsentEachTime) {
    Given given;
    given.fields = with(given.fields, "redirect_uri", "https://claude.ai/cb");
    given.allow();

    EXPECT_EQ(given.browser.authorize(given.fields).status, 200U);
}

// V26
TEST(SharedClient, IsDeletedForOneTenantOnly) {
    Given given;
    const std::string ours = text(document(given.redeem(parameter(given.allow(), "code"))), "access_token");
    given.browser.host.add_user("eve@globex.example", Role::analyst, "globex");
    given.browser.cookies.clear();
    given.browser.sign_in("eve@globex.example");
    const http::Response page = given.browser.authorize(given.fields);
    const std::string code = parameter(given.browser.decide(page, "allow", "globex"), "code");
    const std::string theirs = text(document(given.redeem(code)), "access_token");

    ASSERT_TRUE(given.browser.host.clients.remove_and_wait(TenantId("acme"), ClientId("quell-public"), "uid:0"));

    EXPECT_EQ(key_of(given.browser.host.authenticator.check_bearer(ours)), "invalid_token");
    EXPECT_EQ(key_of(given.browser.host.authenticator.check_bearer(theirs)), "ok");
}

}  // namespace
}  // namespace quell::oauth
