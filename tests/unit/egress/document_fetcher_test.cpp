// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/document_fetcher.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "egress/http_fixture.hpp"
#include "egress/loopback_server.hpp"

namespace quell::egress {
namespace {

using namespace test;
using ::testing::HasSubstr;

// A fetcher, and the thread that asks it.
struct Given {
    explicit Given(HttpClientOptions options = {}) : client(std::move(options)) {}

    RunningClient client;
    DocumentFetcher fetcher{client};

    Result<HttpResponse> get(const std::string& url, DocumentFetcher::Limits limits) {
        boost::asio::io_context context;
        std::optional<Result<HttpResponse>> out;
        boost::asio::co_spawn(context, fetcher.get(*Url::parse(url), limits),
                              [&](std::exception_ptr failure, Result<HttpResponse> response) {
                                  ASSERT_FALSE(failure);
                                  out.emplace(std::move(response));
                              });
        context.run();
        return std::move(*out);
    }
};

constexpr DocumentFetcher::Limits kLoopback{.allow_insecure_loopback = true};

TEST(DocumentFetcher, BringsASmallDocument) {
    SeenRequest seen;
    LoopbackServer server(LoopbackServer::answering([&](const SeenRequest& request) {
        seen = request;
        return reply(200, "{}", "Content-Type: application/json\r\n");
    }));
    Given given;

    const auto response = given.get(server.url("/client.json"), kLoopback);

    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "{}");
    EXPECT_EQ(seen.method, "GET");
    EXPECT_EQ(seen.headers["accept"], "application/json");
    EXPECT_FALSE(seen.headers.contains("cookie"));
    EXPECT_FALSE(seen.headers.contains("authorization"));
}

// DC-05, SS-01
TEST(DocumentFetcher, ConnectsToNoAddressOfThisMachineOrNetwork) {
    LoopbackServer server(LoopbackServer::answering([](const SeenRequest&) { return reply(200, "{}"); }));
    const std::string port = std::to_string(server.port());
    Given given({.resolve = {"inside.example:" + port + ":127.0.0.1", "metadata.example:" + port + ":169.254.169.254"}});

    for (const std::string host : {"127.0.0.1", "[::1]", "localhost", "2130706433", "[::ffff:127.0.0.1]", "10.0.0.1",
                                   "169.254.169.254", "inside.example", "metadata.example"}) {
        const auto refused = given.get("https://" + host + ":" + port + "/client.json", {});
        ASSERT_FALSE(refused) << host;
        EXPECT_THAT(refused.error()->message, HasSubstr("is never called")) << host;
    }
    EXPECT_EQ(given.get(server.url("/client.json"), {}).error()->key, "invalid_arguments");  // plain http
    EXPECT_EQ(server.connections(), 0);
}

// SS-02
// DC-04
TEST(DocumentFetcher, FollowsNoRedirect) {
    int requests = 0;
    LoopbackServer server(LoopbackServer::answering([&](const SeenRequest&) {
        ++requests;
        return reply(302, "", "Location: /other\r\n");
    }));
    Given given;

    const auto response = given.get(server.url("/client.json"), kLoopback);

    EXPECT_EQ(response->status, 302);
    EXPECT_EQ(requests, 1);
}

// DC-04
TEST(DocumentFetcher, RefusesADocumentOfMoreThanFiveKilobytes) {
    LoopbackServer server(LoopbackServer::answering([](const SeenRequest& request) {
        return reply(200, std::string(request.target == "/fits" ? 5 * 1024 : 5 * 1024 + 1, 'x'));
    }));
    Given given;

    EXPECT_TRUE(given.get(server.url("/fits"), kLoopback));
    EXPECT_EQ(given.get(server.url("/larger"), kLoopback).error()->code, Code::data_loss);
}

TEST(DocumentFetcher, AnswersNobodyOnceItIsStopped) {
    Given given;
    given.client.stop();

    EXPECT_EQ(given.get("https://client.example/client.json", {}).error()->code, Code::unavailable);
}

}  // namespace
}  // namespace quell::egress
