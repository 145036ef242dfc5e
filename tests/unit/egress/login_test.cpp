// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// A provider's own login (Vault): the session token, its life, and how a dead one is told from a missing right.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "egress/connector_http.hpp"
#include "egress/http_fixture.hpp"
#include "egress/loopback_server.hpp"
#include "json/parse.hpp"

namespace quell::egress {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Tokens t1, t2, ... of 100 seconds; `alive` is the one that works.
struct Vault {
    Vault()
        : server(LoopbackServer::answering([this](const SeenRequest& seen) {
              const std::lock_guard lock(mutex);
              paths.push_back(seen.method + " " + seen.target);
              requests.push_back(seen);
              return answer(seen);
          })) {}

    std::string answer(const SeenRequest& seen) {
        if (seen.target == "/login") {
            alive = fmt::format("t{}", ++logins);
            return login_status != 200 ? reply(login_status, "canary")
                                       : reply(200, fmt::format(R"({{"auth":{{"token":"{}","life":100}}}})", alive));
        }
        const auto token = seen.headers.find("x-vault-token");
        const bool is_alive = token != seen.headers.end() && token->second == alive;
        if (!is_alive) {
            return reply(403);
        }
        if (seen.target == "/renew") {
            return reply(200, fmt::format(R"({{"auth":{{"token":"","life":{}}}}})", renewed_life));
        }
        return reply(seen.target == "/forbidden" ? 403 : 200, "{}");
    }

    std::vector<std::string> seen() {
        const std::lock_guard lock(mutex);
        return paths;
    }

    std::mutex mutex;
    std::vector<std::string> paths;
    std::vector<SeenRequest> requests;
    std::string alive;
    int logins = 0;
    int login_status = 200;
    int renewed_life = 100;
    LoopbackServer server;
};

struct LoggedIn {
    explicit LoggedIn(Vault& vault, SecretSource source = {}) : url(vault.server.url("")) {
        ConnectorHttp::Options options{.connector = ConnectorKey("vault"),
                                       .manifest_egress = {vault.server.authority()},
                                       .admin_egress = {vault.server.authority()},
                                       .allow_insecure_loopback = true,
                                       .values = {}};
        options.timing.now = [this] { return now; };
        options.values.plain["base_url"] = url;
        options.values.secrets.emplace("secret_id", SecretString("s3cret"));
        if (source) {
            options.values.sources.emplace("secret_id", std::move(source));
        }
        options.auth = json::parse(R"({"approle":{"type":"login","url":"{settings.base_url}/login",
            "body":{"role_id":"r","secret_id":"{settings.secret_id}"},
            "headers":{"X-Vault-Request":"true","X-Vault-Namespace":"{settings.namespace}"},
            "token":"/auth/token","lifetime":"/auth/life","header":"X-Vault-Token",
            "renew_url":"{settings.base_url}/renew","check_url":"{settings.base_url}/self"}})")
                           ->as_object();
        http = *ConnectorHttp::make(client, std::move(options));
    }

    HttpResult get(const std::string& path, std::vector<Header> headers = {}) {
        return http->request({.method = "GET", .url = url + path, .headers = std::move(headers), .auth = "approle"},
                             Mode::read_only, patient(), {}, observer);
    }

    std::string url;
    SteadyTime now = std::chrono::steady_clock::now();
    RunningClient client;
    RecordingObserver observer;
    std::unique_ptr<ConnectorHttp> http;
};

TEST(Login, SendsItsBodyAndPutsTheTokenIntoItsHeader) {
    Vault vault;
    LoggedIn connector(vault);

    EXPECT_EQ(status_of(connector.get("/a")), 200);
    EXPECT_EQ(status_of(connector.get("/b")), 200);

    EXPECT_THAT(vault.seen(), ElementsAre("POST /login", "GET /a", "GET /b"));
    EXPECT_EQ(vault.requests[0].body, R"({"role_id":"r","secret_id":"s3cret"})");
    EXPECT_EQ(vault.requests[0].headers.at("x-vault-request"), "true");
    EXPECT_FALSE(vault.requests[0].headers.contains("x-vault-namespace"));
    EXPECT_EQ(vault.requests[1].headers.at("x-vault-token"), "t1");
}

TEST(Login, KeepsItsTokenAliveInsteadOfTakingAnother) {
    Vault vault;
    LoggedIn connector(vault);
    (void)connector.get("/a");

    connector.now += std::chrono::seconds(90);
    EXPECT_EQ(status_of(connector.get("/b")), 200);

    EXPECT_THAT(vault.seen(), ElementsAre("POST /login", "GET /a", "POST /renew", "GET /b"));
}

TEST(Login, IsMadeAnewWhenTheRenewedLifeShrinks) {
    Vault vault;
    LoggedIn connector(vault);
    (void)connector.get("/a");
    vault.renewed_life = 20;

    connector.now += std::chrono::seconds(90);
    EXPECT_EQ(status_of(connector.get("/b")), 200);

    EXPECT_THAT(vault.seen(), ElementsAre("POST /login", "GET /a", "POST /renew", "POST /login", "GET /b"));
    EXPECT_EQ(vault.requests.back().headers.at("x-vault-token"), "t2");
}

// PROVIDERS.md 6: 403 covers a bad token and a missing policy.
TEST(Login, IsMadeAnewOnceFor403OfADeadToken) {
    Vault vault;
    LoggedIn connector(vault);
    (void)connector.get("/a");
    vault.alive = "somebody else's";

    EXPECT_EQ(status_of(connector.get("/b")), 200);

    EXPECT_EQ(vault.logins, 2);
}

TEST(Login, IsNotMadeAnewFor403OfAMissingRight) {
    Vault vault;
    LoggedIn connector(vault);

    EXPECT_EQ(status_of(connector.get("/forbidden")), 403);

    EXPECT_THAT(vault.seen(), ElementsAre("POST /login", "GET /forbidden", "GET /self"));
}

TEST(Login, ReadsASecretThatSomebodyElseRenewsAnew) {
    Vault vault;
    int reads = 0;
    LoggedIn connector(vault, [&reads]() -> Result<SecretString> { return SecretString(fmt::format("s{}", ++reads)); });
    (void)connector.get("/a");
    vault.alive = "";
    (void)connector.get("/b");

    EXPECT_EQ(vault.requests[0].body, R"({"role_id":"r","secret_id":"s1"})");
    EXPECT_THAT(vault.requests, testing::Contains(testing::Field(&SeenRequest::body, HasSubstr("\"s2\""))));
}

TEST(Login, ThatIsRefusedNamesTheSettingsAndNothingOfTheAnswer) {
    Vault vault;
    vault.login_status = 400;
    LoggedIn connector(vault);

    const auto result = connector.get("/a");

    ASSERT_FALSE(result.response);
    EXPECT_EQ(code_of(result), Code::unauthenticated);
    EXPECT_FALSE(result.sent_to_provider);
    EXPECT_THAT(result.response.error()->next_step, HasSubstr("secret_id"));
    EXPECT_THAT(result.response.error()->message + result.response.error()->next_step, Not(HasSubstr("canary")));
}

TEST(Login, HeaderIsTheHostsAlone) {
    Vault vault;
    LoggedIn connector(vault);

    EXPECT_FALSE(connector.get("/a", {{"X-Vault-Token", "mine"}}).response);
}

}  // namespace
}  // namespace quell::egress
