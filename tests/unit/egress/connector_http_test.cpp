// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/connector_http.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "egress/http_fixture.hpp"
#include "egress/loopback_server.hpp"
#include "json/parse.hpp"

namespace quell::egress {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

// A provider that takes the newest token only, or none at all.
struct Provider {
    explicit Provider(bool takes_tokens = true)
        : server(LoopbackServer::answering([this, takes_tokens](const SeenRequest& seen) {
              const std::lock_guard lock(mutex);
              requests.push_back(seen);
              if (seen.target == "/token") {
                  token = fmt::format("token-{}", ++tokens);
                  return reply(201,
                               fmt::format(R"({{"access_token":"{}","expires_in":1800}})", token));
              }
              const auto given = seen.headers.find("authorization");
              const bool good =
                  takes_tokens && given != seen.headers.end() && given->second == "Bearer " + token;
              return reply(good ? 200 : 401, "{}");
          })) {}

    void revoke() {
        const std::lock_guard lock(mutex);
        token = "revoked";
    }

    int count(const std::string& target) {
        const std::lock_guard lock(mutex);
        return static_cast<int>(std::ranges::count(requests, target, &SeenRequest::target));
    }

    std::mutex mutex;
    std::vector<SeenRequest> requests;
    std::string token = "none";
    int tokens = 0;
    LoopbackServer server;
};

json::Object oauth_profile() {
    return json::
        parse(R"({"default":{"type":"oauth2_client_credentials","token_url":"{settings.base_url}/token",
                            "client_id":"id","client_secret":"{settings.client_secret}"}})")
            ->as_object();
}

ConnectorHttp::Options options_for(const LoopbackServer& server) {
    ConnectorHttp::Options options{.connector = ConnectorKey("crowdstrike"),
                                   .manifest_egress = {"{settings.base_url}"},
                                   .admin_egress = {server.authority()},
                                   .allow_insecure_loopback = true,
                                   .auth = oauth_profile(),
                                   .read_only_posts = {"/query"},
                                   .values = {}};
    options.values.plain["base_url"] = server.url("");
    options.values.secrets.emplace("client_secret", SecretString("s3cret"));
    return options;
}

// A connector with its client; the observer keeps what was reported.
struct Connector {
    explicit Connector(ConnectorHttp::Options options) {
        auto made = ConnectorHttp::make(client, std::move(options));
        EXPECT_TRUE(made) << made.error()->message;
        http = *std::move(made);
    }

    HttpResult send(const PluginHttpRequest& request, Mode mode = Mode::normal) {
        return http->request(request, mode, patient(), {}, observer);
    }

    RunningClient client;
    RecordingObserver observer;
    std::unique_ptr<ConnectorHttp> http;
};

PluginHttpRequest ask(const std::string& method, const std::string& url,
                      const std::string& auth = "default") {
    return {.method = method, .url = url, .auth = auth};
}

// SS-01
TEST(ConnectorHttp, VetoesAddressesInsideBeforeAnyConnection) {
    LoopbackServer server(LoopbackServer::answering([](const auto&) { return reply(200); }));
    for (const std::string host :
         {"127.0.0.1", "[::1]", "localhost", "2130706433", "[::ffff:127.0.0.1]", "169.254.169.254",
          "10.0.0.1", "192.168.0.1", "0.0.0.0"}) {
        const std::string authority = fmt::format("{}:{}", host, server.port());
        ConnectorHttp::Options options = options_for(server);
        options.allow_insecure_loopback = false;
        options.manifest_egress = {authority};
        options.admin_egress = {authority};
        Connector connector(std::move(options));

        const HttpResult result = connector.send(ask("GET", "https://" + authority + "/", ""));

        EXPECT_EQ(code_of(result), Code::failed_precondition) << host;
        EXPECT_FALSE(result.sent_to_provider) << host;
        EXPECT_EQ(code_of(connector.send(ask("GET", "http://" + authority + "/", ""))),
                  Code::failed_precondition)
            << host;
    }
    EXPECT_EQ(server.connections(), 0);
}

TEST(ConnectorHttp, LetsLoopbackThroughButNothingElseInsideForSimulators) {
    LoopbackServer server(LoopbackServer::answering([](const auto&) { return reply(200); }));
    ConnectorHttp::Options options = options_for(server);
    options.manifest_egress.push_back("10.0.0.1:443");
    options.admin_egress.push_back("10.0.0.1:443");
    Connector connector(std::move(options));

    EXPECT_EQ(status_of(connector.send(ask("GET", server.url("/"), ""))), 200);
    EXPECT_EQ(code_of(connector.send(ask("GET", "https://10.0.0.1/", ""))),
              Code::failed_precondition);
}

TEST(ConnectorHttp, AsksOnlyWhatManifestAndAdminList) {
    LoopbackServer listed(LoopbackServer::answering([](const auto&) { return reply(200); }));
    LoopbackServer other(LoopbackServer::answering([](const auto&) { return reply(200); }));
    ConnectorHttp::Options options = options_for(listed);
    options.admin_egress.push_back(other.authority());
    Connector connector(std::move(options));

    const HttpResult result = connector.send(ask("GET", other.url("/"), ""));

    ASSERT_EQ(code_of(result), Code::failed_precondition);
    EXPECT_THAT(result.response.error()->message, HasSubstr(other.authority()));
    EXPECT_EQ(other.connections(), 0);
    ASSERT_EQ(connector.observer.lines().size(), 1U);
    EXPECT_EQ(connector.observer.lines()[0].host, other.authority());
    EXPECT_EQ(connector.observer.lines()[0].code, Code::failed_precondition);
    EXPECT_FALSE(connector.observer.lines()[0].sent_to_provider);
}

// PF-08, as a promise of the host.
TEST(ConnectorHttp, LetsNothingActWhileReadOnly) {
    Provider provider;
    Connector connector(options_for(provider.server));

    for (const std::string method : {"POST", "PUT", "PATCH", "DELETE"}) {
        const HttpResult result =
            connector.send(ask(method, provider.server.url("/act")), Mode::read_only);
        EXPECT_EQ(code_of(result), Code::permission_denied) << method;
        EXPECT_FALSE(result.sent_to_provider);
    }
    EXPECT_EQ(status_of(connector.send(ask("GET", provider.server.url("/act")), Mode::read_only)),
              200);
    EXPECT_EQ(
        status_of(connector.send(ask("POST", provider.server.url("/query?a=b")), Mode::read_only)),
        200);
    PluginHttpRequest overriding = ask("GET", provider.server.url("/act"));
    overriding.headers = {{"X-HTTP-Method-Override", "DELETE"}};
    EXPECT_EQ(code_of(connector.send(overriding, Mode::read_only)), Code::invalid_argument);

    EXPECT_EQ(provider.count("/act"), 1);
    EXPECT_EQ(connector.observer.acting(), 0);
}

TEST(ConnectorHttp, SendsNothingThatActsBeforeTheObserverAgrees) {
    Provider provider;
    Connector connector(options_for(provider.server));
    connector.observer.refuse = true;

    const HttpResult result = connector.send(ask("POST", provider.server.url("/act")));

    ASSERT_EQ(code_of(result), Code::unavailable);
    EXPECT_EQ(result.response.error()->key, "store_unavailable");
    EXPECT_FALSE(result.sent_to_provider);
    EXPECT_EQ(provider.count("/act"), 0);
    EXPECT_EQ(connector.observer.acting(), 1);

    connector.observer.refuse = false;
    EXPECT_EQ(status_of(connector.send(ask("POST", provider.server.url("/act")))), 200);
    EXPECT_EQ(provider.count("/act"), 1);
}

TEST(ConnectorHttp, AsksTheObserverForActingRequestsOnly) {
    Provider provider;
    Connector connector(options_for(provider.server));

    connector.send(ask("GET", provider.server.url("/a")));
    connector.send(ask("POST", provider.server.url("/query")));
    EXPECT_EQ(connector.observer.acting(), 0);
    connector.send(ask("DELETE", provider.server.url("/a")));
    EXPECT_EQ(connector.observer.acting(), 1);
}

TEST(ConnectorHttp, ReportsEachExchangeWithoutQueryOrBody) {
    Provider provider;
    Connector connector(options_for(provider.server));
    PluginHttpRequest request = ask("POST", provider.server.url("/act?secret=1"));
    request.body = "12345";

    connector.send(request);

    const auto lines = connector.observer.lines();
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].kind, RequestKind::token);
    EXPECT_EQ(lines[0].path, "/token");
    EXPECT_EQ(lines[1].kind, RequestKind::acting);
    EXPECT_EQ(lines[1].method, "POST");
    EXPECT_EQ(lines[1].host, provider.server.authority());
    EXPECT_EQ(lines[1].path, "/act");
    EXPECT_EQ(lines[1].status, 200);
    EXPECT_EQ(lines[1].bytes_out, 5U);
    EXPECT_EQ(lines[1].bytes_in, 2U);
    EXPECT_TRUE(lines[1].sent_to_provider);
}

TEST(ConnectorHttp, FetchesATokenOnceForManyRequests) {
    Provider provider;
    Connector connector(options_for(provider.server));

    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(status_of(connector.send(ask("GET", provider.server.url("/a")))), 200);
    }

    EXPECT_EQ(provider.count("/token"), 1);
    EXPECT_THAT(provider.requests[0].body, HasSubstr("client_secret=s3cret"));
}

TEST(ConnectorHttp, FetchesATokenOnceForManyThreads) {
    Provider provider;
    Connector connector(options_for(provider.server));
    std::vector<std::thread> threads;
    std::atomic<int> good = 0;

    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            good += status_of(connector.send(ask("GET", provider.server.url("/a")))) == 200 ? 1 : 0;
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }

    EXPECT_EQ(good, 8);
    EXPECT_EQ(provider.count("/token"), 1);
}

TEST(ConnectorHttp, RenewsATokenByTheClock) {
    Provider provider;
    SteadyTime now = std::chrono::steady_clock::now();
    ConnectorHttp::Options options = options_for(provider.server);
    options.timing.now = [&] { return now; };
    Connector connector(std::move(options));

    connector.send(ask("GET", provider.server.url("/a")));
    now += std::chrono::seconds(1600);
    EXPECT_EQ(status_of(connector.send(ask("GET", provider.server.url("/a")))), 200);

    EXPECT_EQ(provider.count("/token"), 2);
}

// PF-05
TEST(ConnectorHttp, TriesOnceMoreWithAFreshTokenAfterA401) {
    Provider provider;
    Connector connector(options_for(provider.server));
    ASSERT_EQ(status_of(connector.send(ask("GET", provider.server.url("/a")))), 200);
    provider.revoke();

    EXPECT_EQ(status_of(connector.send(ask("POST", provider.server.url("/act")))), 200);

    EXPECT_EQ(provider.count("/act"), 2);
    EXPECT_EQ(provider.count("/token"), 2);
    EXPECT_EQ(connector.observer.acting(), 2);
}

// PF-05
TEST(ConnectorHttp, GivesThe401BackIfAFreshTokenIsRefusedToo) {
    Provider provider(false);
    Connector connector(options_for(provider.server));

    EXPECT_EQ(status_of(connector.send(ask("GET", provider.server.url("/a")))), 401);

    EXPECT_EQ(provider.count("/a"), 2);
    EXPECT_EQ(provider.count("/token"), 2);
}

TEST(ConnectorHttp, DoesNotTryAFixedCredentialTwice) {
    Provider provider(false);
    ConnectorHttp::Options options = options_for(provider.server);
    options.auth =
        json::parse(
            R"({"default":{"type":"header","name":"X-Api-Key","value":"{settings.client_secret}"}})")
            ->as_object();
    Connector connector(std::move(options));

    EXPECT_EQ(status_of(connector.send(ask("GET", provider.server.url("/a")))), 401);

    EXPECT_EQ(provider.count("/a"), 1);
    EXPECT_EQ(provider.requests[0].headers["x-api-key"], "s3cret");
}

TEST(ConnectorHttp, KeepsPluginsFromTheCredentialHeader) {
    Provider provider;
    Connector connector(options_for(provider.server));
    PluginHttpRequest request = ask("GET", provider.server.url("/a"));
    request.headers = {{"authorization", "Bearer mine"}};

    EXPECT_EQ(code_of(connector.send(request)), Code::invalid_argument);
    EXPECT_EQ(provider.server.connections(), 0);
}

TEST(ConnectorHttp, RefusesAnUnknownProfile) {
    Provider provider;
    Connector connector(options_for(provider.server));

    EXPECT_EQ(code_of(connector.send(ask("GET", provider.server.url("/a"), "other"))),
              Code::invalid_argument);
}

TEST(ConnectorHttp, HoldsTheTokenEndpointToTheSameRules) {
    Provider provider;
    LoopbackServer elsewhere(LoopbackServer::answering([](const auto&) { return reply(200); }));
    ConnectorHttp::Options options = options_for(provider.server);
    options.auth.at("default").as_object()["token_url"] = elsewhere.url("/token");
    Connector connector(std::move(options));

    const HttpResult result = connector.send(ask("POST", provider.server.url("/act")));

    EXPECT_EQ(code_of(result), Code::failed_precondition);
    EXPECT_FALSE(result.sent_to_provider);
    EXPECT_EQ(elsewhere.connections(), 0);
    EXPECT_EQ(connector.observer.acting(), 0);
}

TEST(ConnectorHttp, SendsNothingIfNoTokenComes) {
    LoopbackServer server(LoopbackServer::answering([](const SeenRequest&) {
        return reply(401, R"({"error":"invalid_client","error_description":"s3cret"})");
    }));
    Connector connector(options_for(server));

    const HttpResult result = connector.send(ask("POST", server.url("/act")));

    ASSERT_EQ(code_of(result), Code::unauthenticated);
    EXPECT_THAT(result.response.error()->message, HasSubstr("crowdstrike"));
    EXPECT_THAT(result.response.error()->message, Not(HasSubstr("s3cret")));
    EXPECT_THAT(result.response.error()->next_step, HasSubstr("client_secret"));
    EXPECT_FALSE(result.sent_to_provider);
    EXPECT_EQ(connector.observer.acting(), 0);
}

TEST(ConnectorHttp, CapsTheTimeAndTheBytesThatAPluginAsksFor) {
    LoopbackServer server([](Connection& connection) {
        (void)connection.read_request();
        (void)connection.read_request();
    });
    Connector connector(options_for(server));
    PluginHttpRequest request = ask("GET", server.url("/a"), "");

    request.timeout = Millis(100);
    EXPECT_EQ(code_of(connector.send(request)), Code::deadline_exceeded);
    request.timeout = Millis::max();
    EXPECT_EQ(code_of(connector.http->request(request, Mode::normal, in(Millis(100)), {},
                                              connector.observer)),
              Code::deadline_exceeded);
}

TEST(ConnectorHttp, RefusesBrokenListsAndProfilesAtTheStart) {
    LoopbackServer server([](Connection&) {});
    RunningClient client;
    ConnectorHttp::Options bad_list = options_for(server);
    bad_list.admin_egress = {"*"};
    ConnectorHttp::Options bad_setting = options_for(server);
    bad_setting.values.secrets.clear();

    EXPECT_FALSE(ConnectorHttp::make(client, std::move(bad_list)));
    const auto made = ConnectorHttp::make(client, std::move(bad_setting));
    ASSERT_FALSE(made);
    EXPECT_THAT(made.error()->message, HasSubstr("client_secret"));
}

}  // namespace
}  // namespace quell::egress
