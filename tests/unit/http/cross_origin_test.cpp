// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/cross_origin.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>

#include "http/forwarded.hpp"

namespace quell::http {
namespace {

using ::testing::HasSubstr;

struct Given {
    Router router;

    Given() {
        const auto handler = [](const Request& request) { return serve(request); };
        router.add("POST", "/mcp", handler);
        router.add("GET", "/closed", handler);
        ForwardedClients({Network::parse("10.0.0.0/8").value(), Network::parse("::1").value()}).apply(router);
        CrossOrigin({"https://app.example", "http://localhost:6274"}, {"X-Acme-Key"}).open(router, {"/mcp"});
    }

    Response ask(std::string_view method, std::string_view path, std::vector<Header> headers, std::string_view peer = "192.0.2.1") {
        Request request{.method = method, .path = path, .query = {}, .headers = std::move(headers), .body = {}, .peer = peer, .scratch = {}};
        boost::asio::io_context context;
        Response response;
        boost::asio::co_spawn(context, router.route(request), [&](std::exception_ptr failure, Response answer) {
            EXPECT_FALSE(failure);
            response = std::move(answer);
        });
        context.run();
        return response;
    }
    std::string peer_of(std::vector<Header> headers, std::string_view peer = "10.0.0.1") {
        return ask("POST", "/mcp", std::move(headers), peer).body;
    }

  private:
    static Answer serve(const Request& request) { co_return text(200, std::string(request.peer)); }
};

std::string header(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

TEST(CrossOrigin, AnswersAPreflightOfAListedOrigin) {
    Given given;

    const Response response = given.ask("OPTIONS", "/mcp", {{"Origin", "https://app.example"}, {"Access-Control-Request-Method", "POST"}});

    EXPECT_EQ(response.status, 204U);
    EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), "https://app.example");
    EXPECT_EQ(header(response, "Access-Control-Allow-Methods"), "GET, POST, PUT, DELETE, OPTIONS");
    for (const std::string name : {"Authorization", "Content-Type", "MCP-Protocol-Version", "Mcp-Method", "Mcp-Name", "Mcp-Session-Id",
                                   "Last-Event-ID", "X-API-Key", "Idempotency-Key", "X-Acme-Key"}) {
        EXPECT_THAT(header(response, "Access-Control-Allow-Headers"), HasSubstr(name));
    }
    EXPECT_EQ(header(response, "Access-Control-Allow-Credentials"), "");
    EXPECT_EQ(header(response, "Vary"), "Origin");
}

TEST(CrossOrigin, LetsAListedOriginReadTheAnswer) {
    Given given;

    const Response response = given.ask("POST", "/mcp", {{"Origin", "http://localhost:6274"}});

    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), "http://localhost:6274");
    EXPECT_THAT(header(response, "Access-Control-Expose-Headers"), HasSubstr("WWW-Authenticate, Mcp-Session-Id"));
}

TEST(CrossOrigin, SaysNothingToOthers) {
    Given given;

    for (const std::string_view origin : {"https://evil.example", "https://app.example.evil.example", "http://app.example",
                                          "https://app.example:8443", "null", "https://APP.example"}) {
        EXPECT_EQ(given.ask("OPTIONS", "/mcp", {{"Origin", origin}}).status, 403U) << origin;
        EXPECT_EQ(header(given.ask("OPTIONS", "/mcp", {{"Origin", origin}}), "Access-Control-Allow-Origin"), "");
        EXPECT_EQ(header(given.ask("POST", "/mcp", {{"Origin", origin}}), "Access-Control-Allow-Origin"), "");
    }
    EXPECT_EQ(given.ask("OPTIONS", "/mcp", {}).status, 204U);
    EXPECT_EQ(header(given.ask("POST", "/mcp", {}), "Access-Control-Allow-Origin"), "");
}

// OA-28
TEST(CrossOrigin, LeavesOtherPathsClosed) {
    Given given;

    EXPECT_EQ(given.ask("OPTIONS", "/closed", {{"Origin", "https://app.example"}}).status, 405U);
    EXPECT_EQ(header(given.ask("GET", "/closed", {{"Origin", "https://app.example"}}), "Access-Control-Allow-Origin"), "");
}

TEST(ForwardedClients, BelieveANamedProxyAlone) {
    Given given;

    EXPECT_EQ(given.peer_of({{"X-Forwarded-For", "203.0.113.9"}}), "203.0.113.9");
    EXPECT_EQ(given.peer_of({{"X-Forwarded-For", "203.0.113.9"}}, "192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(given.peer_of({}), "10.0.0.1");
    EXPECT_EQ(given.peer_of({{"Forwarded", "for=203.0.113.9;proto=https, For=\"[2001:db8::7]:4711\""}}), "2001:db8::7");
}

TEST(ForwardedClients, ReadFromTheRightPastOurProxies) {
    Given given;

    EXPECT_EQ(given.peer_of({{"X-Forwarded-For", "198.51.100.1, 203.0.113.9, 10.1.1.1"}}), "203.0.113.9");
    EXPECT_EQ(given.peer_of({{"X-Forwarded-For", "198.51.100.1"}, {"x-forwarded-for", "203.0.113.9:99, ::1"}}), "203.0.113.9");
    EXPECT_EQ(given.peer_of({{"X-Forwarded-For", "10.2.2.2, 10.1.1.1"}}), "10.2.2.2");
}

TEST(ForwardedClients, TakeNothingElseForAnAddress) {
    Given given;

    for (const std::string_view value : {"unknown", "", ",", "_hidden", "203.0.113.9.", "x, y", "[", "[]", ":", "fe80::1%1", "[fe80::1%1]:99"}) {
        EXPECT_EQ(given.peer_of({{"X-Forwarded-For", value}}), "10.0.0.1") << value;
    }
    EXPECT_EQ(given.peer_of({{"X-Forwarded-For", "198.51.100.1, evil, 10.1.1.1"}}), "10.1.1.1");
    EXPECT_EQ(given.peer_of({{"X-Forwarded-For", "203.0.113.9"}, {"Forwarded", "for=198.51.100.1"}}), "10.0.0.1");
    EXPECT_EQ(given.peer_of({{"Forwarded", "proto=https;by=203.0.113.9"}}), "10.0.0.1");
}

}  // namespace
}  // namespace quell::http
