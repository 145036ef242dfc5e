// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/http_client.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <future>

#include "egress/http_fixture.hpp"
#include "egress/loopback_server.hpp"

namespace quell::egress {
namespace {

using namespace test;

std::string header_of(const HttpResponse& response, std::string_view name) {
    for (const Header& header : response.headers) {
        if (header.name == name) {
            return header.value;
        }
    }
    return "(absent)";
}

TEST(HttpClient, SendsTheRequestAsItIs) {
    SeenRequest seen;
    LoopbackServer server(LoopbackServer::answering([&](const SeenRequest& request) {
        seen = request;
        return reply(202, "{}", "X-Trace: 1\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n");
    }));
    RunningClient client;
    HttpRequest request = request_for("POST", server.url("/act%20now?ids=a&ids=b"), false);
    request.headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}};
    request.body = std::string("{\"a\":\0}", 7);

    const HttpResult result = client.perform(std::move(request), to_loopback(), {});

    ASSERT_TRUE(result.response);
    EXPECT_TRUE(result.sent_to_provider);
    EXPECT_EQ(seen.method, "POST");
    EXPECT_EQ(seen.target, "/act%20now?ids=a&ids=b");
    EXPECT_EQ(seen.body, std::string("{\"a\":\0}", 7));
    EXPECT_EQ(seen.headers["content-type"], "application/json");
    EXPECT_EQ(seen.headers["host"], server.authority());
    EXPECT_TRUE(seen.headers.contains("x-empty"));
    EXPECT_FALSE(seen.headers.contains("expect"));
    EXPECT_EQ(result.response->status, 202);
    EXPECT_EQ(result.response->body, "{}");
    EXPECT_EQ(header_of(*result.response, "x-trace"), "1");
    EXPECT_EQ(std::ranges::count(result.response->headers, "set-cookie", &Header::name), 2);
}

TEST(HttpClient, SendsEachMethodWithTheRightFraming) {
    std::vector<SeenRequest> seen;
    LoopbackServer server(LoopbackServer::answering([&](const SeenRequest& request) {
        seen.push_back(request);
        return request.method == "HEAD"
                   ? std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
                   : reply(204);
    }));
    RunningClient client;

    for (const std::string method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}) {
        EXPECT_EQ(code_of(client.perform(request_for(method, server.url("/")), to_loopback(), {})),
                  Code::ok);
        ASSERT_EQ(seen.back().method, method);
        EXPECT_EQ(seen.back().headers.contains("content-length"), method.starts_with('P'))
            << method;
        EXPECT_FALSE(seen.back().headers.contains("content-type")) << method;
        EXPECT_FALSE(seen.back().headers.contains("transfer-encoding")) << method;
    }
    EXPECT_EQ(server.connections(), 1);
}

// SS-02
TEST(HttpClient, FollowsNoRedirect) {
    LoopbackServer inside(
        LoopbackServer::answering([](const auto&) { return reply(200, "secret"); }));
    LoopbackServer server(LoopbackServer::answering([&](const auto&) {
        return reply(302, "", fmt::format("Location: {}\r\n", inside.url("/")));
    }));
    RunningClient client;

    const HttpResult result =
        client.perform(request_for("GET", server.url("/")), to_loopback(), {});

    EXPECT_EQ(status_of(result), 302);
    EXPECT_EQ(inside.connections(), 0);
}

TEST(HttpClient, IgnoresProxiesOfTheEnvironment) {
    LoopbackServer proxy(
        LoopbackServer::answering([](const auto&) { return reply(200, "proxy"); }));
    LoopbackServer server(
        LoopbackServer::answering([](const auto&) { return reply(200, "server"); }));
    setenv("http_proxy", proxy.url("").c_str(), 1);
    setenv("ALL_PROXY", proxy.url("").c_str(), 1);
    RunningClient client;

    const HttpResult result =
        client.perform(request_for("GET", server.url("/")), to_loopback(), {});
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");

    ASSERT_TRUE(result.response);
    EXPECT_EQ(result.response->body, "server");
    EXPECT_EQ(proxy.connections(), 0);
}

// PF-12
TEST(HttpClient, HoldsTheDeadlineAgainstADrip) {
    LoopbackServer server([](Connection& connection) {
        if (!connection.read_request() ||
            !connection.send("HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n")) {
            return;
        }
        for (int i = 0; i < 200 && connection.send("x") && connection.pause_while_open(50); ++i) {
        }
    });
    RunningClient client;
    RequestPolicy policy = to_loopback();
    policy.deadline = in(std::chrono::milliseconds(400));

    const HttpResult result = client.perform(request_for("GET", server.url("/")), policy, {});

    EXPECT_EQ(code_of(result), Code::deadline_exceeded);
    EXPECT_TRUE(result.sent_to_provider);
}

TEST(HttpClient, SendsNothingAfterTheDeadline) {
    LoopbackServer server(LoopbackServer::answering([](const auto&) { return reply(200); }));
    RunningClient client;
    RequestPolicy policy = to_loopback();
    policy.deadline = in(std::chrono::milliseconds(-1));

    const HttpResult result = client.perform(request_for("GET", server.url("/")), policy, {});

    EXPECT_EQ(code_of(result), Code::deadline_exceeded);
    EXPECT_FALSE(result.sent_to_provider);
}

TEST(HttpClient, ReturnsAtOnceWhenCancelled) {
    std::promise<void> arrived;
    LoopbackServer server([&](Connection& connection) {
        (void)connection.read_request();
        arrived.set_value();
        (void)connection.read_request();
    });
    RunningClient client;
    std::stop_source cancel;
    auto result = std::async(std::launch::async, [&] {
        return client.perform(request_for("POST", server.url("/"), false), to_loopback(),
                              cancel.get_token());
    });
    arrived.get_future().wait();

    cancel.request_stop();

    const HttpResult ended = result.get();
    EXPECT_EQ(code_of(ended), Code::cancelled);
    EXPECT_TRUE(ended.sent_to_provider);
}

TEST(HttpClient, SendsNothingWhenAlreadyCancelled) {
    LoopbackServer server(LoopbackServer::answering([](const auto&) { return reply(200); }));
    RunningClient client;
    std::stop_source cancel;
    cancel.request_stop();

    const HttpResult result =
        client.perform(request_for("GET", server.url("/")), to_loopback(), cancel.get_token());

    EXPECT_EQ(code_of(result), Code::cancelled);
    EXPECT_FALSE(result.sent_to_provider);
    EXPECT_EQ(server.connections(), 0);
}

TEST(HttpClient, EndsWhatIsUnderWayWhenItStops) {
    std::promise<void> arrived;
    LoopbackServer server([&](Connection& connection) {
        (void)connection.read_request();
        arrived.set_value();
        (void)connection.read_request();
    });
    RunningClient client;
    auto result = std::async(std::launch::async, [&] {
        return client.perform(request_for("POST", server.url("/"), false), to_loopback(), {});
    });
    arrived.get_future().wait();

    client.stop();

    const HttpResult ended = result.get();
    EXPECT_EQ(code_of(ended), Code::unavailable);
    EXPECT_TRUE(ended.sent_to_provider);
    const HttpResult later = client.perform(request_for("GET", server.url("/")), to_loopback(), {});
    EXPECT_EQ(code_of(later), Code::unavailable);
    EXPECT_FALSE(later.sent_to_provider);
}

TEST(HttpClient, CutsAnAnswerThatIsTooLarge) {
    LoopbackServer server(
        LoopbackServer::answering([](const auto&) { return reply(200, std::string(101, 'x')); }));
    RunningClient client;
    RequestPolicy policy = to_loopback();

    policy.max_response_bytes = 101;
    EXPECT_EQ(status_of(client.perform(request_for("GET", server.url("/")), policy, {})), 200);
    policy.max_response_bytes = 100;
    EXPECT_EQ(code_of(client.perform(request_for("GET", server.url("/")), policy, {})),
              Code::data_loss);
}

TEST(HttpClient, CutsAnAnswerWithoutEnd) {
    LoopbackServer server([](Connection& connection) {
        (void)connection.read_request();
        connection.send("HTTP/1.1 200 OK\r\n\r\n");
        while (connection.send(std::string(65536, 'x'))) {
        }
    });
    RunningClient client;
    RequestPolicy policy = to_loopback();
    policy.max_response_bytes = 1 << 20;

    EXPECT_EQ(code_of(client.perform(request_for("GET", server.url("/")), policy, {})),
              Code::data_loss);
}

TEST(HttpClient, CutsHeadersThatAreTooManyOrTooLarge) {
    std::string many;
    for (int i = 0; i < 101; ++i) {
        many += fmt::format("X-{}: 1\r\n", i);
    }
    std::string large;
    for (int i = 0; i < 33; ++i) {
        large += fmt::format("X-{}: {}\r\n", i, std::string(2000, 'x'));
    }
    for (const std::string& headers : {many, large}) {
        LoopbackServer server(
            LoopbackServer::answering([&](const auto&) { return reply(200, "", headers); }));
        RunningClient client;

        EXPECT_EQ(code_of(client.perform(request_for("GET", server.url("/")), to_loopback(), {})),
                  Code::data_loss);
    }
}

TEST(HttpClient, DropsInterimAnswersAndTrailers) {
    LoopbackServer server([](Connection& connection) {
        (void)connection.read_request();
        connection.send(
            "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"
            "HTTP/1.1 200 OK\r\nX-Final: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
            "2\r\nok\r\n0\r\nX-Trailer: 1\r\n\r\n");
        (void)connection.read_request();
    });
    RunningClient client;

    const HttpResult result =
        client.perform(request_for("GET", server.url("/")), to_loopback(), {});

    ASSERT_TRUE(result.response);
    EXPECT_EQ(result.response->body, "ok");
    EXPECT_EQ(header_of(*result.response, "x-early"), "(absent)");
    EXPECT_EQ(header_of(*result.response, "x-final"), "1");
    EXPECT_EQ(header_of(*result.response, "x-trailer"), "(absent)");
}

TEST(HttpClient, CallsAnAnswerThatIsCutShortAFailure) {
    for (const std::string_view bytes :
         {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nxx",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nxx", "nonsense\r\n\r\n"}) {
        LoopbackServer server([&](Connection& connection) {
            (void)connection.read_request();
            connection.send(bytes);
        });
        RunningClient client;

        const HttpResult result =
            client.perform(request_for("GET", server.url("/")), to_loopback(), {});

        EXPECT_EQ(code_of(result), Code::data_loss) << bytes;
        EXPECT_TRUE(result.sent_to_provider);
    }
}

TEST(HttpClient, TellsNothingSentFromAnswerLost) {
    int closed_port = 0;
    {
        LoopbackServer server([](Connection&) {});
        closed_port = server.port();
    }
    LoopbackServer server([](Connection& connection) { (void)connection.read_request(); });
    RunningClient client;

    const HttpResult refused =
        client.perform(request_for("POST", fmt::format("http://127.0.0.1:{}/", closed_port), false),
                       to_loopback(), {});
    const HttpResult lost =
        client.perform(request_for("POST", server.url("/"), false), to_loopback(), {});
    const HttpResult unknown =
        client.perform(request_for("POST", "http://name.invalid/", false), to_loopback(), {});

    EXPECT_EQ(code_of(refused), Code::unavailable);
    EXPECT_FALSE(refused.sent_to_provider);
    EXPECT_EQ(code_of(lost), Code::unavailable);
    EXPECT_TRUE(lost.sent_to_provider);
    EXPECT_EQ(code_of(unknown), Code::unavailable);
    EXPECT_FALSE(unknown.sent_to_provider);
}

// Answers the first request of each connection, reads the next and closes: a kept connection that
// proves dead.
LoopbackServer::Handler closing_at_the_second(std::atomic<int>& requests) {
    return [&requests](Connection& connection) {
        if (connection.read_request()) {
            ++requests;
            connection.send(reply(200));
        }
        if (connection.read_request()) {
            ++requests;
        }
    };
}

TEST(HttpClient, RepeatsAReadingRequestOnceIfAKeptConnectionProvesDead) {
    std::atomic<int> requests = 0;
    LoopbackServer server(closing_at_the_second(requests));
    RunningClient client;
    ASSERT_EQ(status_of(client.perform(request_for("GET", server.url("/")), to_loopback(), {})),
              200);

    EXPECT_EQ(status_of(client.perform(request_for("GET", server.url("/")), to_loopback(), {})),
              200);

    EXPECT_EQ(requests, 3);
    EXPECT_EQ(server.connections(), 2);
}

TEST(HttpClient, NeverRepeatsWhatMayAct) {
    std::atomic<int> requests = 0;
    LoopbackServer server([&requests](Connection& connection) {
        if (const auto first = connection.read_request(); first && first->method == "GET") {
            connection.send(reply(200));
            (void)connection.read_request();
        }
        ++requests;
    });
    RunningClient client;
    ASSERT_EQ(status_of(client.perform(request_for("GET", server.url("/")), to_loopback(), {})),
              200);

    const HttpResult result =
        client.perform(request_for("POST", server.url("/"), false), to_loopback(), {});

    EXPECT_EQ(code_of(result), Code::unavailable);
    EXPECT_TRUE(result.sent_to_provider);
    EXPECT_EQ(requests, 1);
    EXPECT_EQ(server.connections(), 2);
}

// SS-03: whatever a name resolves to is judged at connect.
TEST(HttpClient, JudgesTheAddressAndNotTheName) {
    LoopbackServer server(LoopbackServer::answering([](const auto&) { return reply(200); }));
    RunningClient client(
        {.resolve = {fmt::format("public.example:{}:127.0.0.1", server.port()),
                     fmt::format("metadata.example:{}:169.254.169.254", server.port())}});
    RequestPolicy policy = to_loopback();
    policy.reach = Reach::public_only;

    const HttpResult loopback = client.perform(
        request_for("GET", fmt::format("http://public.example:{}/", server.port())), policy, {});
    const HttpResult metadata = client.perform(
        request_for("GET", fmt::format("http://metadata.example:{}/", server.port())), policy, {});

    EXPECT_EQ(code_of(loopback), Code::failed_precondition);
    EXPECT_FALSE(loopback.sent_to_provider);
    EXPECT_EQ(code_of(metadata), Code::failed_precondition);
    EXPECT_EQ(server.connections(), 0);
}

TEST(HttpClient, JudgesTheAddressOfAKeptConnectionAgain) {
    std::atomic<int> requests = 0;
    LoopbackServer server(LoopbackServer::answering([&](const auto&) {
        ++requests;
        return reply(200);
    }));
    RunningClient client;
    ASSERT_EQ(status_of(client.perform(request_for("GET", server.url("/")), to_loopback(), {})),
              200);
    RequestPolicy policy = to_loopback();
    policy.reach = Reach::public_only;

    const HttpResult result = client.perform(request_for("GET", server.url("/")), policy, {});

    EXPECT_EQ(code_of(result), Code::failed_precondition);
    EXPECT_FALSE(result.sent_to_provider);
    EXPECT_EQ(requests, 1);
}

TEST(HttpClient, ServesManyThreadsAtOnce) {
    LoopbackServer server(
        LoopbackServer::answering([](const SeenRequest& seen) { return reply(200, seen.target); }));
    RunningClient client;
    std::vector<std::thread> threads;
    std::atomic<int> right = 0;

    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < 25; ++round) {
                const std::string path = fmt::format("/{}/{}", i, round);
                const HttpResult result = client.perform(
                    request_for("GET", server.url(path), round % 5 != 0), to_loopback(), {});
                right += result.response && result.response->body == path ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }

    EXPECT_EQ(right, 200);
}

}  // namespace
}  // namespace quell::egress
