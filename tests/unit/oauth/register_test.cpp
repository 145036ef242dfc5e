// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include "json/serialize.hpp"
#include "oauth/browser.hpp"

namespace quell::oauth {
namespace {

using identity::Role;
using ::testing::HasSubstr;

struct Given {
    Browser browser;
    json::Object metadata = {{"client_name", "Editor"},
                             {"redirect_uris", json::Array{"http://127.0.0.1/callback"}},
                             {"grant_types", json::Array{"authorization_code", "refresh_token"}},
                             {"token_endpoint_auth_method", "none"}};

    http::Response post(std::string_view body, std::string authorization = {}) {
        return browser.send("POST", "/oauth/register", {}, body, "application/json", std::move(authorization));
    }
    http::Response post() { return post(json::serialize(metadata)); }
};

Fields authorize_fields(const json::Object& registered, const std::string& redirect) {
    return {{"response_type", "code"},
            {"client_id", text(registered, "client_id")},
            {"redirect_uri", redirect},
            {"code_challenge", std::string(identity::kChallenge)},
            {"code_challenge_method", "S256"}};
}

// RFC 7591 3.2.1.
TEST(Register, AnswersWithAllThatWasRegistered) {
    Given given;

    const http::Response response = given.post();

    EXPECT_EQ(response.status, 201U);
    EXPECT_EQ(header(response, "Content-Type"), "application/json");
    EXPECT_EQ(header(response, "Cache-Control"), "no-store");
    json::Object answer = document(response);
    EXPECT_NE(text(answer, "client_id"), "");
    answer.erase("client_id");
    EXPECT_EQ(json::canonical(answer),
              R"({"client_id_issued_at":1800000000,"client_name":"Editor",)"
              R"("grant_types":["authorization_code","refresh_token"],"redirect_uris":["http://127.0.0.1/callback"],)"
              R"("response_types":["code"],)"
              R"("scope":"challenges:create challenges:read sessions:revoke devices:contain mcp:read mcp:access mcp:approve )"
              R"(secrets:read secrets:write secrets:delete audit:read audit:export admin:*",)"
              R"("token_endpoint_auth_method":"none"})");
}

TEST(Register, SaysThatASecretNeverExpires) {
    Given given;
    given.metadata.erase("token_endpoint_auth_method");

    const json::Object answer = document(given.post());

    EXPECT_EQ(text(answer, "token_endpoint_auth_method"), "client_secret_basic");
    EXPECT_GE(text(answer, "client_secret").size(), 43U);
    EXPECT_EQ(answer.at("client_secret_expires_at"), 0);
}

TEST(Register, GivesBackTheKeysOfAClientThatSigns) {
    Given given;
    given.metadata["token_endpoint_auth_method"] = "private_key_jwt";
    given.metadata["application_type"] = "native";
    given.metadata["jwks"] = json::parse(R"({"keys":[{"kty":"OKP","crv":"Ed25519",)"
                                         R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})").value();

    const json::Object answer = document(given.post());

    EXPECT_EQ(answer.at("jwks"), given.metadata["jwks"]);
    EXPECT_EQ(text(answer, "application_type"), "native");
    EXPECT_FALSE(answer.contains("client_secret"));
}

TEST(Register, LeadsToACodeByTheConsentOfAnybodyInATenant) {
    Given given;
    const json::Object registered = document(given.post());
    given.browser.host.add_user("analyst@corp.example", Role::analyst);
    given.browser.sign_in("analyst@corp.example");

    const http::Response page = given.browser.authorize(authorize_fields(registered, "http://127.0.0.1:61234/callback"));
    const http::Response allowed = given.browser.decide(page, "allow");
    const http::Response tokens =
        given.browser.post("/oauth/token", {{"grant_type", "authorization_code"},
                                            {"client_id", text(registered, "client_id")},
                                            {"code", parameter(allowed, "code")},
                                            {"code_verifier", std::string(identity::kVerifier)}});

    EXPECT_THAT(page.body, HasSubstr("No administrator has checked its name"));
    EXPECT_EQ(tokens.status, 200U) << tokens.body;
    const auto principal = given.browser.host.authenticator.check_bearer(text(document(tokens), "access_token"));
    EXPECT_EQ(principal->tenant.str(), "acme");
    EXPECT_EQ(given.browser.host.clients.list(TenantId("acme"))->front().client.name, "Editor");
}

// OA-30
TEST(Register, AsksForConsentOnceForEachClient) {
    Given given;
    given.metadata["redirect_uris"] = json::Array{"https://editor.example/callback"};
    given.browser.host.add_user("analyst@corp.example", Role::analyst);
    given.browser.sign_in("analyst@corp.example");
    const Fields first = authorize_fields(document(given.post()), "https://editor.example/callback");
    const Fields second = authorize_fields(document(given.post()), "https://editor.example/callback");
    given.browser.decide(given.browser.authorize(first), "allow");

    EXPECT_EQ(given.browser.authorize(first).status, 302U);
    EXPECT_EQ(given.browser.authorize(second).status, 200U);
}

// A client of no tenant and no person may do nothing by itself.
TEST(Register, GivesNoClientCredentials) {
    Given given;
    given.metadata["token_endpoint_auth_method"] = "client_secret_post";
    given.metadata["grant_types"] = json::Array{"authorization_code", "client_credentials"};
    const json::Object registered = document(given.post());

    const http::Response response =
        given.browser.post("/oauth/token", {{"grant_type", "client_credentials"},
                                            {"client_id", text(registered, "client_id")},
                                            {"client_secret", text(registered, "client_secret")}});

    EXPECT_EQ(text(document(response), "error"), "unauthorized_client");
}

// DC-03
TEST(Register, NamesTheRedirectUriThatItRefuses) {
    Given given;
    for (const std::string uri : {"http://evil", "javascript:alert(1)", "data:text/html,x", "https://x.example/cb#f",
                                  "https://x.example/*", "vscode://x/cb"}) {
        given.metadata["redirect_uris"] = json::Array{"http://127.0.0.1/callback", uri};
        const http::Response response = given.post();
        EXPECT_EQ(response.status, 400U);
        EXPECT_EQ(text(document(response), "error"), "invalid_redirect_uri");
        EXPECT_THAT(text(document(response), "error_description"), HasSubstr("redirect_uris[1] (" + uri + ")"));
    }
}

// E13
TEST(Register, KeepsToTheHostsOfTheSettings) {
    Given given;
    given.browser.settings.redirect_hosts = {.any = false, .known_clients = true, .hosts = {}};
    given.metadata["redirect_uris"] = json::Array{"https://claude.ai.evil.com/cb"};
    EXPECT_EQ(text(document(given.post()), "error"), "invalid_redirect_uri");

    given.metadata["redirect_uris"] = json::Array{"https://claude.ai/api/mcp/auth_callback"};
    EXPECT_EQ(given.post().status, 201U);
}

TEST(Register, FollowsTheSettingsOfNowAtTheAuthorizeEndpointToo) {
    Given given;
    given.metadata["redirect_uris"] = json::Array{"https://editor.example/cb"};
    const json::Object registered = document(given.post());
    given.browser.settings.redirect_hosts = {.any = false, .known_clients = true, .hosts = {}};

    const http::Response response = given.browser.authorize(authorize_fields(registered, "https://editor.example/cb"));

    EXPECT_EQ(response.status, 400U);
    EXPECT_EQ(header(response, "Location"), "");
}

// HT-02
TEST(Register, RefusesABodyThatIsNoJsonObject) {
    Given given;
    for (const std::string_view body : {"", "[]", "null", "{", "{\"a\":1,\"a\":2}", "\xEF\xBB\xBF{}"}) {
        EXPECT_EQ(text(document(given.post(body)), "error"), "invalid_client_metadata") << body;
    }
    const http::Response form = given.browser.send("POST", "/oauth/register", {}, json::serialize(given.metadata),
                                                   "application/x-www-form-urlencoded");
    EXPECT_EQ(form.status, 400U);
}

// DC-03
TEST(Register, RefusesABodyOfMoreThan64Kilobytes) {
    Given given;
    const std::string body = json::serialize(given.metadata);

    EXPECT_EQ(given.post(body + std::string(64 * 1024 - body.size(), ' ')).status, 201U);
    EXPECT_EQ(given.post(body + std::string(64 * 1024 + 1 - body.size(), ' ')).status, 413U);
}

// DC-03
TEST(Register, MakesAnAddressThatAsksTooOftenWait) {
    Given given;
    for (int i = 0; i < 60; ++i) {
        ASSERT_EQ(given.post().status, 201U);
    }

    const http::Response response = given.post();

    EXPECT_EQ(response.status, 429U);
    EXPECT_GT(std::stoi(header(response, "Retry-After")), 0);
    given.browser.peer = "192.0.2.2";
    EXPECT_EQ(given.post().status, 201U);
}

// RFC 7591 3.
TEST(Register, NeedsAnInitialTokenIfTheSettingsSaySo) {
    Given given;
    given.browser.settings.registration.require_initial_token = true;
    const auto token = given.browser.host.initial_tokens.create_and_wait("CI", std::chrono::hours(24), "uid:0");
    const std::string body = json::serialize(given.metadata);

    const http::Response without = given.post(body);
    const http::Response wrong = given.post(body, "Bearer qit_wrong");
    const http::Response right = given.post(body, "Bearer " + std::string(token->token.reveal()));

    EXPECT_EQ(without.status, 401U);
    EXPECT_THAT(header(without, "WWW-Authenticate"), HasSubstr("Bearer"));
    EXPECT_EQ(wrong.status, 401U);
    EXPECT_EQ(right.status, 201U);
}

TEST(Register, IsNotThereWhereItIsOff) {
    Given given;
    given.browser.settings.registration.enabled = false;

    EXPECT_EQ(given.post().status, 404U);
    EXPECT_FALSE(document(given.browser.get("/.well-known/oauth-authorization-server")).contains("registration_endpoint"));
}

// E06
TEST(Register, GivesTheSharedIdWhereThereIsOne) {
    Given given;
    given.browser.settings.shared_client = "quell-public";

    EXPECT_EQ(text(document(given.post()), "client_id"), "quell-public");
    given.metadata["redirect_uris"] = json::Array{"https://editor.example/cb"};
    EXPECT_NE(text(document(given.post()), "client_id"), "quell-public");
    given.metadata["redirect_uris"] = json::Array{"http://127.0.0.1/callback"};
    given.metadata["token_endpoint_auth_method"] = "client_secret_post";
    EXPECT_NE(text(document(given.post()), "client_id"), "quell-public");
}

}  // namespace
}  // namespace quell::oauth
