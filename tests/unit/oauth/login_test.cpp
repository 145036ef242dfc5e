// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gtest/gtest.h>

#include "oauth/browser.hpp"

namespace quell::oauth {
namespace {

using identity::kPassword;

constexpr const char* kSession = "__Host-quell-session";

// OA-24
TEST(Login, SetsAHostCookieOnHttps) {
    Browser browser;
    browser.host.add_user("alice@corp.example");

    const http::Response response = browser.sign_in("alice@corp.example");

    EXPECT_EQ(response.status, 303U);
    ASSERT_EQ(browser.cookies.count(kSession), 1U);
    EXPECT_EQ(browser.set_cookies.front(), std::string(kSession) + "=" + browser.cookies[kSession] +
                                               "; Path=/; Max-Age=28800; HttpOnly; SameSite=Lax; Secure");
    EXPECT_TRUE(browser.host.has_event("login_ok", ""));
}

// OA-24
TEST(Login, SetsAPlainCookieOnLoopbackHttp) {
    Browser browser("http://127.0.0.1:8700");
    browser.host.add_user("alice@corp.example");

    browser.sign_in("alice@corp.example");

    ASSERT_EQ(browser.cookies.count("quell-session"), 1U);
    EXPECT_TRUE(browser.set_cookies.front().ends_with("; HttpOnly; SameSite=Lax"));
}

// UI-02
TEST(Login, LeadsToLocalPathsOnly) {
    Browser browser;
    browser.host.add_user("alice@corp.example");

    for (const std::string next : {"//evil.example", "https://evil.example", "/\\evil.example"}) {
        browser.cookies.clear();
        EXPECT_EQ(header(browser.sign_in("alice@corp.example", std::string(kPassword), next), "Location"), "/oauth/login");
    }
    // The form's own field is not trusted either.
    browser.cookies.clear();
    const std::string csrf = hidden_field(browser.get("/oauth/login").body, "csrf");
    const http::Response response = browser.post("/oauth/login", {{"csrf", csrf},
                                                                  {"next", "//evil.example"},
                                                                  {"email", "alice@corp.example"},
                                                                  {"password", std::string(kPassword)}});
    EXPECT_EQ(header(response, "Location"), "/oauth/login");
    // Nor the query of someone who is signed in already.
    EXPECT_EQ(browser.get("/oauth/login", "next=%2F%2Fevil.example").status, 200U);
}

// UI-02
TEST(Login, GivesANewSessionId) {
    Browser browser;
    browser.host.add_user("alice@corp.example");
    browser.cookies[kSession] = "fixed-by-an-attacker";

    browser.sign_in("alice@corp.example");

    EXPECT_NE(browser.cookies[kSession], "fixed-by-an-attacker");
    EXPECT_FALSE(browser.host.logins.find("fixed-by-an-attacker").value().has_value());
}

// UI-02
TEST(Logout, EndsTheSessionAtTheServer) {
    Browser browser;
    browser.host.add_user("alice@corp.example");
    browser.sign_in("alice@corp.example");
    const std::string id = browser.cookies[kSession];
    const std::string csrf = hidden_field(browser.get("/oauth/login").body, "csrf");

    EXPECT_EQ(browser.post("/oauth/logout", {{"csrf", "forged"}}).status, 403U);
    EXPECT_TRUE(browser.host.logins.find(id).value().has_value());
    EXPECT_EQ(browser.post("/oauth/logout", {{"csrf", csrf}}).status, 303U);

    EXPECT_FALSE(browser.host.logins.find(id).value().has_value());
    EXPECT_EQ(browser.cookies.count(kSession), 0U);
}

TEST(Login, NeedsTheFormOfThisBrowser) {
    Browser browser;
    browser.host.add_user("alice@corp.example");
    const std::string csrf = hidden_field(browser.get("/oauth/login").body, "csrf");
    const Fields good = {{"csrf", csrf}, {"email", "alice@corp.example"}, {"password", std::string(kPassword)}};

    EXPECT_EQ(browser.post("/oauth/login", with(good, "csrf", "")).status, 403U);
    Browser other;
    other.host.add_user("alice@corp.example");
    EXPECT_EQ(other.post("/oauth/login", good).status, 403U);
    other.get("/oauth/login");
    EXPECT_EQ(other.post("/oauth/login", good).status, 403U);
    EXPECT_EQ(browser.post("/oauth/login", good).status, 303U);
}

// OA-31
TEST(Login, SaysTheSameOfAWrongPasswordAndAnUnknownUser) {
    Browser browser;
    browser.host.add_user("alice@corp.example");

    const http::Response wrong = browser.sign_in("alice@corp.example", "wrong horse battery");
    const http::Response unknown = browser.sign_in("alicf@corp.example", "wrong horse battery");

    EXPECT_EQ(wrong.status, 403U);
    EXPECT_EQ(unknown.status, 403U);
    std::string expected = wrong.body;
    expected.replace(expected.find("alice@"), 6, "alicf@");
    EXPECT_EQ(unknown.body, expected);
    EXPECT_EQ(browser.cookies.count(kSession), 0U);
}

// OA-31
TEST(Login, IsThrottledForKnownAndUnknownUsers) {
    Browser browser;
    browser.host.add_user("alice@corp.example");
    browser.host.add_user("bob@corp.example");

    for (const std::string email : {"alice@corp.example", "nobody@corp.example"}) {
        for (int i = 0; i < 10; ++i) {
            EXPECT_EQ(browser.sign_in(email, "wrong horse battery").status, 403U);
        }
        const http::Response blocked = browser.sign_in(email, std::string(kPassword));
        EXPECT_EQ(blocked.status, 429U);
        EXPECT_NE(header(blocked, "Retry-After"), "");
    }
    EXPECT_EQ(browser.sign_in("bob@corp.example").status, 303U);
    browser.cookies.clear();
    browser.peer = "192.0.2.2";
    EXPECT_EQ(browser.sign_in("alice@corp.example").status, 303U);
}

TEST(Login, WritesDownAFailureWithoutWhatWasTyped) {
    Browser browser;
    browser.sign_in("my password in the wrong field", "wrong horse battery");
    browser.sign_in("nobody@corp.example", "wrong horse battery");
    // A later write is committed after what was queued before it.
    browser.host.add_user("alice@corp.example");

    const auto entries = browser.host.trail.tail(TenantId(), 10, {.event = "login_failed", .actor = {}, .request_id = {}, .since = {}});

    ASSERT_EQ(entries->size(), 2U);
    EXPECT_EQ((*entries)[0].detail.find("password"), std::string::npos);
    EXPECT_NE((*entries)[1].detail.find("nobody@corp.example"), std::string::npos);
}

TEST(StyleSheet, IsServedFromTheHost) {
    Browser browser;

    const http::Response response = browser.get("/oauth/style.css");

    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(header(response, "Content-Type"), "text/css; charset=utf-8");
}

}  // namespace
}  // namespace quell::oauth
