// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// What a connector does when its provider limits it, fails or is gone: retries, waits and the breaker together.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "egress/connector_http.hpp"
#include "egress/http_fixture.hpp"
#include "egress/loopback_server.hpp"

namespace quell::egress {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

// Answers from a list, then 200 for ever.
struct FailingProvider {
    explicit FailingProvider(std::deque<std::string> given)
        : answers(std::move(given)), server(LoopbackServer::answering([this](const SeenRequest&) {
              const std::lock_guard lock(mutex);
              ++requests;
              if (answers.empty()) {
                  return reply(200, "{}");
              }
              const std::string next = answers.front();
              answers.pop_front();
              return next;
          })) {}

    int count() {
        const std::lock_guard lock(mutex);
        return requests;
    }

    std::mutex mutex;
    std::deque<std::string> answers;
    int requests = 0;
    LoopbackServer server;
};

// A connector whose waits take no time and are kept.
struct Connector {
    explicit Connector(const LoopbackServer& server, bool with_tokens = false)
        : auth(with_tokens ? "default" : "") {
        ConnectorHttp::Options options{.connector = ConnectorKey("crowdstrike"),
                                       .manifest_egress = {server.authority()},
                                       .admin_egress = {server.authority()},
                                       .allow_insecure_loopback = true,
                                       .values = {}};
        options.timing.now = [this] { return std::chrono::steady_clock::now() + passed; };
        options.timing.random = [] { return 0.0; };
        options.timing.sleep = [this](Millis time, const std::stop_token&) {
            waits.push_back(time.count());
            return true;
        };
        if (with_tokens) {
            options.auth["default"] = {{"type", "oauth2_client_credentials"},
                                       {"token_url", server.url("/token")},
                                       {"client_id", "id"},
                                       {"client_secret", "secret"}};
        }
        http = *ConnectorHttp::make(client, std::move(options));
    }

    HttpResult send(const std::string& method, const LoopbackServer& server) {
        return http->request({.method = method, .url = server.url("/thing"), .auth = auth}, Mode::normal, patient(), {},
                             observer);
    }

    const std::string auth;
    Millis passed{0};
    std::vector<std::int64_t> waits;
    RunningClient client;
    RecordingObserver observer;
    std::unique_ptr<ConnectorHttp> http;
};

// PF-02
TEST(ConnectorFaults, ReadsAgainAfterTheServersFailures) {
    FailingProvider provider({reply(500), reply(502)});
    Connector connector(provider.server);

    const HttpResult result = connector.send("GET", provider.server);

    EXPECT_EQ(status_of(result), 200);
    EXPECT_EQ(provider.count(), 3);
    EXPECT_THAT(connector.waits, ElementsAre(100, 200));
    EXPECT_EQ(connector.observer.lines().size(), 3U);
}

TEST(ConnectorFaults, ActsOnceWhateverTheServersFailure) {
    FailingProvider provider({reply(500), reply(502)});
    Connector connector(provider.server);

    EXPECT_EQ(status_of(connector.send("POST", provider.server)), 500);

    EXPECT_EQ(provider.count(), 1);
    EXPECT_THAT(connector.waits, IsEmpty());
}

// PF-01: 429 says that nothing was done.
TEST(ConnectorFaults, WaitsOutARateLimitEvenBeforeAnAct) {
    FailingProvider provider({reply(429, "", "Retry-After: 3\r\n")});
    Connector connector(provider.server);

    EXPECT_EQ(status_of(connector.send("POST", provider.server)), 200);

    EXPECT_EQ(provider.count(), 2);
    EXPECT_THAT(connector.waits, ElementsAre(3'000));
}

// PF-01
TEST(ConnectorFaults, HandsOnALimitThatIsLongerThanTheDeadlineWithItsTimeInSeconds) {
    FailingProvider provider({reply(429, "", "X-RateLimit-RetryAfter: 99999999999\r\n")});
    Connector connector(provider.server);

    const HttpResult result = connector.send("GET", provider.server);

    ASSERT_EQ(status_of(result), 429);
    EXPECT_THAT(connector.waits, IsEmpty());
    const auto& headers = result.response->headers;
    const auto found = std::ranges::find(headers, "retry-after", &Header::name);
    ASSERT_NE(found, headers.end());
    EXPECT_EQ(found->value, "3600");
}

// PF-01: the token endpoint has its limits as well
TEST(ConnectorFaults, WaitsOutALimitOfTheTokenEndpoint) {
    FailingProvider provider({reply(429, "", "Retry-After: 3\r\n"),
                              reply(201, R"({"access_token":"t","expires_in":1800})")});
    Connector connector(provider.server, true);

    EXPECT_EQ(status_of(connector.send("POST", provider.server)), 200);

    EXPECT_EQ(provider.count(), 3);
    EXPECT_THAT(connector.waits, ElementsAre(3'000));
    EXPECT_EQ(connector.observer.acting(), 1);
}

// PF-01
TEST(ConnectorFaults, HandsOnALongLimitOfTheTokenEndpoint) {
    for (const int status : {429, 503}) {
        FailingProvider provider({reply(status, "", "Retry-After: 600\r\n")});
        Connector connector(provider.server, true);

        const HttpResult result = connector.send("POST", provider.server);

        ASSERT_FALSE(result.response);
        EXPECT_EQ(result.response.error()->retry_after_seconds, 600) << status;
        EXPECT_FALSE(result.sent_to_provider);
        EXPECT_THAT(connector.waits, IsEmpty());
    }
}

// PF-13
TEST(ConnectorFaults, LeavesAProviderAloneThatFailsAllTheTimeAndComesBack) {
    FailingProvider provider(std::deque<std::string>(CircuitBreaker::kFailures, reply(503)));
    Connector connector(provider.server);
    for (int call = 0; call < CircuitBreaker::kFailures / Retries::kMostTries; ++call) {
        EXPECT_EQ(status_of(connector.send("GET", provider.server)), 503);
    }
    EXPECT_EQ(connector.http->breaker(), CircuitBreaker::State::open);

    const HttpResult refused = connector.send("POST", provider.server);

    ASSERT_EQ(code_of(refused), Code::unavailable);
    EXPECT_EQ(refused.response.error()->retry_after_seconds, 10);
    EXPECT_FALSE(refused.sent_to_provider);
    EXPECT_EQ(provider.count(), CircuitBreaker::kFailures);
    EXPECT_EQ(connector.observer.acting(), 0);

    connector.passed = CircuitBreaker::kOpenFor;
    EXPECT_EQ(status_of(connector.send("GET", provider.server)), 200);
    EXPECT_EQ(connector.http->breaker(), CircuitBreaker::State::closed);
}

}  // namespace
}  // namespace quell::egress
