// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "identity/fake_provider.hpp"
#include "oauth/browser.hpp"

namespace quell::oauth {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kSession = "__Host-quell-session";

config::TenantSettings a_tenant(const std::string& id) {
    config::TenantSettings tenant;
    tenant.id = TenantId(id);
    tenant.name = id + " Inc.";
    tenant.openid.emplace();
    tenant.openid->issuer = identity::kProviderIssuer;
    tenant.openid->client_id = "quell";
    tenant.openid->client_secret = json::Object{{"env", "QUELL_TEST_OPENID_SECRET"}};
    tenant.openid->email_domains = {"corp.example"};
    tenant.openid->roles = {{"soc", "analyst"}, {"quell-admins", "admin"}};
    return tenant;
}

// A browser, a host with the tenant acme, and acme's provider.
class OpenIdLogin : public ::testing::Test {
  protected:
    OpenIdLogin() {
        ::setenv("QUELL_TEST_OPENID_SECRET", "s3cret with :&", 1);
        browser.tenants[TenantId("acme")] = a_tenant("acme");
        browser.web.respond = [this](const egress::HttpRequest& request) { return provider.respond(request); };
    }

    config::OpenIdSettings& settings() { return *browser.tenants[TenantId("acme")].openid; }

    // From the sign-in page to the page that leads to the provider.
    http::Response leave(const std::string& next = "", const std::string& company = "", const std::string& tenant = "") {
        browser.cookies.erase(kSession);
        const http::Response page = browser.get("/oauth/login", encode({{"next", next}}));
        return browser.post("/oauth/openid/login", {{"csrf", hidden_field(page.body, "csrf")},
                                                    {"next", hidden_field(page.body, "next")},
                                                    {"company", company},
                                                    {"tenant", tenant}});
    }
    static std::string address_of(const http::Response& page) {
        const std::string start = "<a href=\"";
        const std::size_t begin = page.body.find(start);
        std::string address = begin == std::string::npos ? "" : page.body.substr(begin + start.size());
        address.resize(std::min(address.find('"'), address.size()));
        for (std::size_t at = address.find("&amp;"); at != std::string::npos; at = address.find("&amp;", at + 1)) {
            address.replace(at, 5, "&");
        }
        return address;
    }
    http::Response come_back(const std::string& query, const std::string& tenant = "acme") {
        return browser.get("/oauth/openid/callback/" + tenant, query);
    }
    http::Response sign_in(const std::string& next = "") { return come_back(provider.sign_in(address_of(leave(next)))); }

    bool is_signed_in() const { return browser.cookies.count(kSession) == 1; }
    // The key of a chain's newest refusal; a write of our own waits for those that were queued.
    std::string refusal(const std::string& tenant = "acme") {
        browser.host.tamper("UPDATE users SET state = state");
        const auto entries = browser.host.trail.tail(TenantId(tenant), 1, {.event = "openid_login_refused"});
        return entries && !entries->empty() ? entries->front().outcome : "none";
    }
    void expect_refused(const http::Response& response, unsigned status, const std::string& key,
                        const std::string& tenant = "acme") {
        EXPECT_EQ(response.status, status) << response.body;
        EXPECT_THAT(response.body, HasSubstr("(" + key + ")"));
        EXPECT_EQ(refusal(tenant), key);
        EXPECT_FALSE(is_signed_in());
    }
    std::string role(const std::string& email = "alice@corp.example", const std::string& tenant = "acme") {
        const auto listed = browser.host.users.list(TenantId(tenant));
        for (const auto& one : *listed) {
            if (one.user.email == email) {
                return std::string(to_string(one.role));
            }
        }
        return "none";
    }

    Browser browser;
    identity::FakeProvider provider{browser.host.clock_of_test()};
};

// V89+
TEST_F(OpenIdLogin, MakesAMemberByTheRoleMappingAtTheFirstSignIn) {
    const http::Response response = sign_in("/oauth/authorize?client_id=x");

    EXPECT_EQ(response.status, 303U) << response.body;
    EXPECT_EQ(header(response, "Location"), "/oauth/authorize?client_id=x");
    EXPECT_TRUE(is_signed_in());
    EXPECT_EQ(role(), "analyst");
    EXPECT_TRUE(browser.host.has_event("user_added"));
    EXPECT_TRUE(browser.host.has_event("openid_login"));
    EXPECT_THAT(browser.get("/oauth/login").body, HasSubstr("alice@corp.example"));
}

// V89+
TEST_F(OpenIdLogin, AsksTheProviderInTheCodeFlowWithPkceStateAndNonce) {
    const std::string address = address_of(leave());

    EXPECT_THAT(address, ::testing::StartsWith("https://idp.example/authorize?response_type=code&client_id=quell&"));
    EXPECT_THAT(address, HasSubstr("&redirect_uri=https%3A%2F%2Fquell.example%2Foauth%2Fopenid%2Fcallback%2Facme"));
    EXPECT_THAT(address, HasSubstr("&scope=openid%20email%20profile&"));
    EXPECT_THAT(address, HasSubstr("&code_challenge_method=S256"));
    EXPECT_THAT(address, Not(HasSubstr("max_age")));
    for (const char* name : {"state", "nonce", "code_challenge"}) {
        EXPECT_THAT(address, ::testing::ContainsRegex("&" + std::string(name) + "=[A-Za-z0-9_-]{43}"));
    }
    EXPECT_EQ(browser.set_cookies.back(), "__Host-quell-openid=" + browser.cookies["__Host-quell-openid"] +
                                              "; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure");
}

TEST_F(OpenIdLogin, ProvesTheClientAsTheProviderWantsIt) {
    sign_in();
    const egress::HttpRequest basic = provider.last_asked("/token");
    provider.description["token_endpoint_auth_methods_supported"] = json::Array{"client_secret_post"};
    browser.host.now += std::chrono::hours(1);
    sign_in();
    const egress::HttpRequest post = provider.last_asked("/token");

    EXPECT_EQ(basic.headers.back().value, "Basic " + to_base64("quell:s3cret%20with%20%3A%26"));
    EXPECT_THAT(basic.body, Not(HasSubstr("s3cret")));
    EXPECT_THAT(post.body, HasSubstr("client_secret=s3cret%20with%20%3A%26"));
}

// V89+
TEST_F(OpenIdLogin, FollowsTheRoleMappingAtEachSignIn) {
    sign_in();
    provider.change = [](json::Object& claims) { claims["groups"] = json::Array{"soc", "quell-admins"}; };

    sign_in();

    EXPECT_EQ(role(), "admin");
    EXPECT_TRUE(browser.host.has_event("user_role_changed"));
}

// V89+
TEST_F(OpenIdLogin, TakesARoleAwayThatIsNoLongerMapped) {
    sign_in();
    provider.change = [](json::Object& claims) { claims["groups"] = json::Array{"sales"}; };

    const http::Response response = sign_in();

    expect_refused(response, 403, "openid_no_role");
    EXPECT_EQ(role(), "none");
    EXPECT_TRUE(browser.host.has_event("user_removed"));
}

// V89+
TEST_F(OpenIdLogin, RefusesWhoeverHasNoRole) {
    provider.change = [](json::Object& claims) { claims.erase("groups"); };

    expect_refused(sign_in(), 403, "openid_no_role");

    settings().default_role = "viewer";
    sign_in();
    EXPECT_EQ(role(), "viewer");
}

TEST_F(OpenIdLogin, ReadsRolesFromANestedClaim) {
    settings().role_claim = "/realm_access/roles";
    provider.change = [](json::Object& claims) {
        claims["realm_access"] = json::Object{{"roles", json::Array{"quell-admins"}}};
    };

    sign_in();

    EXPECT_EQ(role(), "admin");
}

// V89+
TEST_F(OpenIdLogin, WantsAnEmailThatTheProviderHasVerified) {
    for (const json::Value& word : {json::Value(false), json::Value(nullptr), json::Value("true")}) {
        provider.change = [&](json::Object& claims) { claims["email_verified"] = word; };
        expect_refused(sign_in(), 403, "openid_email_unverified");
    }
    settings().trust_email = true;

    sign_in();

    EXPECT_TRUE(is_signed_in());
}

// V89+
TEST_F(OpenIdLogin, WantsAnEmailOfAnAllowedDomain) {
    provider.change = [](json::Object& claims) { claims["email"] = "alice@corp.example.evil.example"; };
    expect_refused(sign_in(), 403, "openid_email_domain");

    provider.change = [](json::Object& claims) { claims.erase("email"); };
    expect_refused(sign_in(), 403, "openid_email_missing");
}

// OpenID Connect Core 5.3.2
TEST_F(OpenIdLogin, AsksUserinfoForWhatTheIdTokenDoesNotSay) {
    provider.change = [](json::Object& claims) {
        claims.erase("email");
        claims.erase("groups");
    };
    provider.userinfo = {{"sub", "subject-1"}, {"email", "alice@corp.example"}, {"email_verified", true},
                         {"groups", json::Array{"soc"}}};

    sign_in();
    EXPECT_EQ(role(), "analyst");

    browser.cookies.clear();
    provider.userinfo["sub"] = "subject-2";
    expect_refused(sign_in(), 403, "openid_token_invalid");
}

// An address of the id token does not borrow a verification from elsewhere.
TEST_F(OpenIdLogin, TakesAnAddressAndItsVerificationFromOneSource) {
    provider.change = [](json::Object& claims) {
        claims.erase("email_verified");
        claims.erase("groups");
    };
    provider.userinfo = {{"sub", "subject-1"}, {"email", "alice@corp.example"}, {"email_verified", true},
                         {"groups", json::Array{"soc"}}};

    expect_refused(sign_in(), 403, "openid_email_unverified");
}

// V89+
TEST_F(OpenIdLogin, TakesAStateOnce) {
    const std::string query = provider.sign_in(address_of(leave()));
    ASSERT_EQ(come_back(query).status, 303U);
    browser.cookies.erase(kSession);

    const http::Response again = come_back(query);

    expect_refused(again, 400, "openid_state_invalid", "");
    EXPECT_EQ(provider.times_asked("/token"), 1);
}

// V89+
TEST_F(OpenIdLogin, EndsAfterTenMinutes) {
    const std::string query = provider.sign_in(address_of(leave()));
    browser.host.now += std::chrono::minutes(10);

    expect_refused(come_back(query), 400, "openid_state_invalid", "");
    EXPECT_EQ(provider.times_asked("/token"), 0);
}

// Login CSRF: an answer that another browser asked for signs nobody in, and spoils nothing.
TEST_F(OpenIdLogin, IsFinishedByTheBrowserThatBeganIt) {
    const std::string query = provider.sign_in(address_of(leave()));
    const auto mine = browser.cookies;
    browser.cookies.clear();
    expect_refused(come_back(query), 400, "openid_state_invalid", "");
    leave();
    expect_refused(come_back(query), 400, "openid_state_invalid", "");

    browser.cookies = mine;
    EXPECT_EQ(come_back(query).status, 303U);
}

TEST_F(OpenIdLogin, BeginsAtOurOwnFormAlone) {
    const http::Response response = browser.post("/oauth/openid/login", {{"csrf", "guess"}, {"next", "/"}});

    EXPECT_EQ(response.status, 403U);
    EXPECT_EQ(browser.cookies.count("__Host-quell-openid"), 0U);
}

// UI-02
TEST_F(OpenIdLogin, LeadsToLocalPathsOnly) {
    for (const std::string next : {"//evil.example", "https://evil.example", "/\\evil.example"}) {
        const http::Response page = browser.get("/oauth/login");
        const http::Response leaving = browser.post(
            "/oauth/openid/login", {{"csrf", hidden_field(page.body, "csrf")}, {"next", next}});

        EXPECT_EQ(header(come_back(provider.sign_in(address_of(leaving))), "Location"), "/oauth/login") << next;
        browser.cookies.clear();
    }
}

// V89+
TEST_F(OpenIdLogin, RefusesAnAnswerOfAnotherProvider) {
    std::string query = provider.sign_in(address_of(leave()));
    query = query.substr(0, query.find("&iss=")) + "&iss=https%3A%2F%2Fevil.example";
    expect_refused(come_back(query), 403, "openid_mix_up");

    query = provider.sign_in(address_of(leave()));
    expect_refused(come_back(query.substr(0, query.find("&iss="))), 403, "openid_mix_up");
    EXPECT_EQ(provider.times_asked("/token"), 0);
}

// RFC 9207: providers that know nothing of `iss` do without it.
TEST_F(OpenIdLogin, NeedsNoIssOfAProviderThatDoesNotNameItself) {
    provider.description.erase("authorization_response_iss_parameter_supported");
    const std::string query = provider.sign_in(address_of(leave()));

    EXPECT_EQ(come_back(query.substr(0, query.find("&iss="))).status, 303U);
}

// RFC 9700 4.4.2.2
TEST_F(OpenIdLogin, TakesAnAnswerAtTheTenantsOwnRedirectUriAlone) {
    browser.tenants[TenantId("other")] = a_tenant("other");
    const std::string query = provider.sign_in(address_of(leave("", "acme")));

    expect_refused(come_back(query, "other"), 400, "openid_state_invalid", "");
    EXPECT_EQ(provider.times_asked("/token"), 0);
}

// V89+
TEST_F(OpenIdLogin, RefusesIdTokensThatAreNotForIt) {
    const std::vector<std::pair<std::string, json::Value>> wrong = {
        {"iss", "https://evil.example"}, {"aud", "other"}, {"nonce", "another"}, {"exp", 1}, {"iat", 1}};
    for (const auto& [name, value] : wrong) {
        provider.change = [&](json::Object& claims) { claims[name] = value; };
        expect_refused(sign_in(), 403, "openid_token_invalid");
    }
    provider.change = [](json::Object&) {};
    provider.tamper = [](const std::string& token) {
        return to_base64url(R"({"alg":"none"})") + token.substr(token.find('.'), token.rfind('.') - token.find('.')) + ".";
    };
    expect_refused(sign_in(), 403, "openid_token_invalid");
    EXPECT_EQ(role(), "none");
}

// V89+
TEST_F(OpenIdLogin, FollowsARotationOfKeysAndIsNoNuisance) {
    sign_in();
    provider.key = crypto::PrivateKey::generate_p256();
    provider.key_id = "k2";
    EXPECT_EQ(sign_in().status, 303U);
    EXPECT_EQ(provider.times_asked("/jwks"), 2);

    browser.cookies.clear();
    provider.tamper = [this](std::string) { return crypto::PrivateKey::generate_p256().sign_jwt("k3", provider.claims()); };
    for (int i = 0; i < 20; ++i) {
        sign_in();
    }

    EXPECT_FALSE(is_signed_in());
    EXPECT_LE(provider.times_asked("/jwks"), 7);
}

TEST_F(OpenIdLogin, RemembersWhatTheProviderPublishes) {
    sign_in();
    sign_in();
    EXPECT_EQ(provider.times_asked("/jwks"), 1);
    EXPECT_EQ(provider.times_asked("/.well-known/openid-configuration"), 1);

    browser.host.now += std::chrono::minutes(6);
    sign_in();
    EXPECT_EQ(provider.times_asked("/jwks"), 2);
}

// OpenID Connect Discovery 4.3
TEST_F(OpenIdLogin, RefusesADescriptionOfAnotherIssuer) {
    provider.description["issuer"] = "https://idp.example/";

    const http::Response response = leave();

    EXPECT_EQ(response.status, 503U);
    EXPECT_THAT(response.body, HasSubstr("names another issuer"));
}

TEST_F(OpenIdLogin, SaysWhenTheProviderIsDown) {
    browser.web.respond = [](const egress::HttpRequest&) { return egress::HttpResponse{.status = 500}; };

    const http::Response response = leave("/oauth/authorize?x=1");

    EXPECT_EQ(response.status, 503U);
    EXPECT_THAT(response.body, HasSubstr("cannot be had now"));
    EXPECT_EQ(hidden_field(response.body, "next"), "/oauth/authorize?x=1");
}

TEST_F(OpenIdLogin, SaysWhenTheProviderRefuses) {
    provider.token_error = "invalid_grant";
    expect_refused(sign_in(), 403, "openid_refused");
    provider.token_error = "invalid_client";
    expect_refused(sign_in(), 502, "openid_provider_misconfigured");

    const std::string state = provider.sign_in(address_of(leave()));
    const http::Response denied =
        come_back("error=access_denied&error_description=%3Cscript%3E" + state.substr(state.find("&state=")));
    expect_refused(denied, 403, "openid_refused");
    EXPECT_THAT(denied.body, HasSubstr("access_denied"));
    EXPECT_THAT(denied.body, Not(HasSubstr("script")));
}

// OA-17
TEST_F(OpenIdLogin, RefusesARepeatedParameter) {
    const std::string query = provider.sign_in(address_of(leave()));

    EXPECT_EQ(come_back(query + "&code=other").status, 400U);
    EXPECT_FALSE(is_signed_in());
}

// A provider speaks for its own tenant: what it says of Bob, who is at home elsewhere, opens nothing there.
TEST_F(OpenIdLogin, IsGoodInTheProvidersTenantAlone) {
    browser.host.add_user("bob@corp.example", identity::Role::owner, "beta");
    identity::NewClient wanted = browser.host.a_client();
    wanted.tenant = TenantId("beta");
    const identity::CreatedClient of_beta = browser.host.add_client(wanted);
    provider.change = [](json::Object& claims) { claims["email"] = "bob@corp.example"; };

    sign_in();

    EXPECT_TRUE(is_signed_in());
    EXPECT_EQ(role("bob@corp.example", "acme"), "analyst");
    EXPECT_EQ(role("bob@corp.example", "beta"), "owner");
    const http::Response response = browser.authorize(browser.authorize_fields(of_beta.client));
    EXPECT_EQ(parameter(response, "error"), "access_denied");
}

// The session of a password is good everywhere, as before.
TEST_F(OpenIdLogin, LeavesPasswordsAlone) {
    browser.host.add_user("bob@corp.example", identity::Role::owner, "beta");
    identity::NewClient wanted = browser.host.a_client();
    wanted.tenant = TenantId("beta");
    const identity::CreatedClient of_beta = browser.host.add_client(wanted);

    browser.sign_in("bob@corp.example");

    EXPECT_EQ(browser.authorize(browser.authorize_fields(of_beta.client)).status, 200U);
}

TEST_F(OpenIdLogin, DoesNotTakeOverAUserMadeByHand) {
    browser.host.add_user("alice@corp.example", identity::Role::owner);

    expect_refused(sign_in(), 403, "openid_account_conflict");
    EXPECT_EQ(role(), "owner");
}

// An address that was given to somebody else does not open what the first one left.
TEST_F(OpenIdLogin, KeepsAnAddressToTheFirstSubject) {
    sign_in();
    browser.cookies.clear();
    provider.change = [](json::Object& claims) { claims["sub"] = "subject-2"; };
    expect_refused(sign_in(), 403, "openid_account_conflict");

    provider.change = [](json::Object& claims) { claims["email"] = "renamed@corp.example"; };
    expect_refused(sign_in(), 403, "openid_account_conflict");

    ASSERT_TRUE(browser.host.users.remove_and_wait(TenantId("acme"), "alice@corp.example", "uid:0"));
    EXPECT_EQ(sign_in().status, 303U);
}

// A tenant that changes its provider goes on with its people.
TEST_F(OpenIdLogin, FollowsATenantToAnotherProvider) {
    sign_in();
    settings().issuer = "https://idp.example/new";
    provider.description["issuer"] = "https://idp.example/new";
    provider.description.erase("authorization_response_iss_parameter_supported");
    browser.web.respond = [this](const egress::HttpRequest& request) {
        egress::HttpRequest same = request;
        if (request.url.path() == "/new/.well-known/openid-configuration") {
            same.url = egress::Url::parse("https://idp.example/.well-known/openid-configuration").value();
        }
        return provider.respond(same);
    };
    provider.change = [](json::Object& claims) {
        claims["iss"] = "https://idp.example/new";
        claims["sub"] = "new-1";
    };
    const std::string query = provider.sign_in(address_of(leave()));

    EXPECT_EQ(come_back(query.substr(0, query.find("&iss="))).status, 303U);
    EXPECT_EQ(role(), "analyst");
}

TEST_F(OpenIdLogin, IsOfferedByNameWhereThereIsOneProvider) {
    const http::Response page = browser.get("/oauth/login");

    EXPECT_THAT(page.body, HasSubstr("Sign in with acme Inc."));
    EXPECT_THAT(page.body, Not(HasSubstr("name=\"company\"")));
    EXPECT_THAT(page.body, HasSubstr("name=\"password\""));
}

TEST_F(OpenIdLogin, IsNotOfferedWithoutAProvider) {
    browser.tenants.clear();

    EXPECT_THAT(browser.get("/oauth/login").body, Not(HasSubstr("/oauth/openid/login")));
}

// Whoever opens the page learns no tenant's name.
TEST_F(OpenIdLogin, AsksWhichTenantWhereThereAreSeveral) {
    browser.tenants[TenantId("beta")] = a_tenant("beta");
    browser.tenants[TenantId("beta")].openid->email_domains = {"beta.example"};
    const http::Response page = browser.get("/oauth/login");
    EXPECT_THAT(page.body, HasSubstr("name=\"company\""));
    EXPECT_THAT(page.body, Not(HasSubstr("acme")));

    EXPECT_THAT(address_of(leave("", "Alice@Corp.example")), HasSubstr("callback%2Facme"));
    EXPECT_THAT(address_of(leave("", "Alice@Corp.example")), HasSubstr("&login_hint=alice%40corp.example"));
    EXPECT_THAT(address_of(leave("", "bob@beta.example")), HasSubstr("callback%2Fbeta"));
    EXPECT_THAT(address_of(leave("", "beta")), HasSubstr("callback%2Fbeta"));
    const http::Response unknown = leave("", "carol@elsewhere.example");
    EXPECT_EQ(unknown.status, 403U);
    EXPECT_THAT(unknown.body, HasSubstr("No company sign-in is known"));
}

TEST_F(OpenIdLogin, LetsPeopleChooseAmongTenantsWithOneDomain) {
    browser.tenants[TenantId("beta")] = a_tenant("beta");

    const http::Response choice = leave("", "alice@corp.example");

    EXPECT_THAT(choice.body, HasSubstr("Which tenant?"));
    EXPECT_THAT(choice.body, HasSubstr("beta Inc."));
    EXPECT_THAT(address_of(leave("", "alice@corp.example", "beta")), HasSubstr("callback%2Fbeta"));
    EXPECT_EQ(leave("", "alice@corp.example", "gamma").status, 403U);
}

// UI-01
TEST_F(OpenIdLogin, ShowsAScriptInANameAsText) {
    settings().name = "<script>alert('x')</script>";

    EXPECT_THAT(browser.get("/oauth/login").body, Not(HasSubstr("<script")));
    EXPECT_THAT(leave().body, Not(HasSubstr("<script")));
}

// OA-24
TEST_F(OpenIdLogin, HasTheHeadersOfAPage) {
    for (const http::Response& page : {leave(), come_back("state=unknown")}) {
        EXPECT_EQ(header(page, "Content-Security-Policy"),
                  "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'");
        EXPECT_EQ(header(page, "X-Frame-Options"), "DENY");
        EXPECT_EQ(header(page, "Referrer-Policy"), "no-referrer");
        EXPECT_EQ(header(page, "Cache-Control"), "no-store");
    }
}

TEST_F(OpenIdLogin, IsThrottledByAddress) {
    unsigned status = 0;
    for (int i = 0; i < 61; ++i) {
        status = leave().status;
    }

    EXPECT_EQ(status, 429U);
}

}  // namespace
}  // namespace quell::oauth
