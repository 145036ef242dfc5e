// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/running_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <future>

namespace quell::http {
namespace {

using testing::RawClient;
using testing::RunningServer;

// Answers /echo with the body and /hold once `release` is set.
class ServerTest : public ::testing::Test {
  protected:
    ServerTest() {
        router_.add("POST", "/echo", [this](const Request& request) -> Answer {
            ++calls_;
            co_return text(200, std::string(request.body));
        });
        router_.add("GET", "/throw", [](const Request&) -> Answer {
            throw std::runtime_error("secret inside");
            co_return Response{};
        });
    }
    std::string exchange(std::string_view bytes) {
        RawClient client(server_.port());
        client.send(bytes);
        return client.read_to_end();
    }

    std::atomic<int> calls_{0};
    Router router_;
    RunningServer server_{router_};
};

constexpr std::string_view kGood =
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi";

TEST_F(ServerTest, AnswersWithTheBodyAndItsLength) {
    const std::string answer = exchange(kGood);

    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\nDate: "));
    EXPECT_NE(answer.find("Content-Length: 2\r\n"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\nhi"));
}

TEST_F(ServerTest, KeepsTheConnectionForTheNextRequest) {
    RawClient client(server_.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none");
    EXPECT_NE(client.read_until("one").find("200 OK"), std::string::npos);

    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\ntwo");
    EXPECT_NE(client.read_until("two").find("200 OK"), std::string::npos);
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
    RawClient client(server_.port());
    client.send(std::string("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none") + std::string(kGood));

    const std::string answers = client.read_to_end();
    EXPECT_LT(answers.find("one"), answers.find("hi"));
    EXPECT_EQ(calls_, 2);
}

TEST_F(ServerTest, TakesABodyThatArrivesInPieces) {
    RawClient client(server_.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe");
    client.send("\r\n3\r\nllo\r\n0\r\n\r\n");

    EXPECT_NE(client.read_until("hello").find("200 OK"), std::string::npos);
}

TEST_F(ServerTest, SendsContinueToAClientThatWaitsForIt) {
    RawClient client(server_.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 100"));

    client.send("hi");
    EXPECT_NE(client.read_until("hi").find("200 OK"), std::string::npos);
}

// HT-01
TEST_F(ServerTest, RefusesABodyOverTheLimitWithAndWithoutContentLength) {
    const std::string declared = exchange("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n");
    EXPECT_TRUE(declared.starts_with("HTTP/1.1 413"));
    EXPECT_NE(declared.find("Connection: close"), std::string::npos);

    const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string chunk = "80000\r\n" + std::string(0x80000, 'x') + "\r\n";
    EXPECT_TRUE(exchange(head + chunk + chunk + chunk).starts_with("HTTP/1.1 413"));
    EXPECT_EQ(calls_, 0);
}

// HT-08
TEST_F(ServerTest, RefusesNoHostAndTwoHosts) {
    EXPECT_TRUE(exchange("POST /echo HTTP/1.1\r\nContent-Length: 0\r\n\r\n").starts_with("HTTP/1.1 400"));
    EXPECT_TRUE(exchange("POST /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 0\r\n\r\n")
                    .starts_with("HTTP/1.1 400"));
    EXPECT_EQ(calls_, 0);
}

struct BadRequest {
    std::string name;
    std::string bytes;
    std::string status;
};

class Refuses : public ServerTest, public ::testing::WithParamInterface<BadRequest> {};

TEST_P(Refuses, WithItsStatusAndCloses) {
    const std::string answer = exchange(GetParam().bytes);

    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + GetParam().status)) << answer;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
    EXPECT_EQ(calls_, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Framing, Refuses,
    ::testing::Values(
        BadRequest{"LengthAndCoding",
                   "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        BadRequest{"TwoLengths", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi", "400"},
        BadRequest{"UnknownCoding", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", "501"},
        BadRequest{"CodingBeforeHttp11",
                   "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        BadRequest{"Trailer",
                   "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: Bearer x\r\n\r\n",
                   "400"},
        BadRequest{"EndlessTrailer",
                   "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(40000, 'x'), "431"},
        BadRequest{"EndlessChunkExtension",
                   "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;" + std::string(40000, 'x'), "4"},
        BadRequest{"AuthorityTarget", "POST echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "400"},
        BadRequest{"NotHttp", "\x16\x03\x01\x02\r\n\r\n", "400"},
        BadRequest{"LongHeader", "POST /echo HTTP/1.1\r\nHost: a\r\nX: " + std::string(17000, 'x') + "\r\n\r\n", "431"}),
    [](const auto& test) { return test.param.name; });

TEST_F(ServerTest, RefusesMoreThanAHundredHeaders) {
    std::string request = "POST /echo HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 101; ++i) {
        request += "X-" + std::to_string(i) + ": y\r\n";
    }
    EXPECT_TRUE(exchange(request + "\r\n").starts_with("HTTP/1.1 431"));
}

TEST_F(ServerTest, AnswersAnUnknownPathWith404AndAWrongMethodWith405) {
    EXPECT_TRUE(exchange("GET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 404"));
    const std::string answer = exchange("GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 405"));
    EXPECT_NE(answer.find("Allow: POST\r\n"), std::string::npos);
}

TEST_F(ServerTest, HidesWhatAHandlerThrows) {
    const std::string answer = exchange("GET /throw HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 500"));
    EXPECT_EQ(answer.find("secret inside"), std::string::npos);
}

TEST(Server, ClosesAClientThatIsSlowWithItsHeader) {
    Router router;
    RunningServer server(router, {.header_within = std::chrono::seconds(0)});
    RawClient client(server.port());
    client.send("POST /echo HT");

    EXPECT_EQ(client.read_to_end(), "");
}

// HT-06
TEST(Server, ClosesAClientThatIsSlowWithASecondHeader) {
    Router router;
    router.add("GET", "/", [](const Request&) -> Answer { co_return text(200, "hi"); });
    RunningServer server(router, {.header_within = std::chrono::seconds(1)});
    RawClient client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HT");

    EXPECT_TRUE(client.read_until("hi").ends_with("hi"));
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_TRUE(client.has_ended());
}

TEST(Server, HoldsOnlySoManyLargeBodiesAtATime) {
    Router router;
    router.add("POST", "/", [](const Request&) -> Answer { co_return text(200, "hi"); });
    RunningServer server(router, {.large_bodies = 1});
    const std::string large = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 20000\r\n\r\n";
    RawClient first(server.port());
    first.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 20000\r\n\r\n");
    ASSERT_TRUE(first.read_until("\r\n\r\n").starts_with("HTTP/1.1 100"));

    RawClient second(server.port());
    second.send(large);
    const std::string refused = second.read_to_end();
    EXPECT_TRUE(refused.starts_with("HTTP/1.1 503")) << refused;
    EXPECT_NE(refused.find("Retry-After: "), std::string::npos);
    RawClient in_chunks(server.port());
    in_chunks.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4E20\r\n" + std::string(20000, 'x') +
                   "\r\n0\r\n\r\n");
    EXPECT_TRUE(in_chunks.read_to_end().starts_with("HTTP/1.1 503"));
    RawClient small(server.port());
    small.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_TRUE(small.read_to_end().starts_with("HTTP/1.1 200"));

    first.send(std::string(20000, 'x'));
    EXPECT_TRUE(first.read_to_end().starts_with("HTTP/1.1 200"));
    RawClient third(server.port());
    third.send(large + std::string(20000, 'x'));
    EXPECT_TRUE(third.read_to_end().starts_with("HTTP/1.1 200"));
}

TEST(Server, MayGoWhileALargeBodyArrives) {
    Router router;
    router.add("POST", "/", [](const Request&) -> Answer { co_return text(200, "hi"); });
    std::optional<RunningServer> server(std::in_place, router);
    RawClient client(server->port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 20000\r\n\r\n");
    ASSERT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 100"));

    server.reset();

    EXPECT_EQ(client.read_to_end(), "");
}

// OP-04
TEST(Server, FinishesARequestThatHasBegunToArriveWhenItDrains) {
    Router router;
    router.add("POST", "/", [](const Request& request) -> Answer { co_return text(200, std::string(request.body)); });
    RunningServer server(router);
    RawClient client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    ASSERT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 100"));
    RawClient idle(server.port());
    idle.send("POST / HT");

    server.server().drain();
    EXPECT_EQ(idle.read_to_end(), "");  // a sweep has passed
    client.send("hi");

    const std::string answer = client.read_to_end();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
}

TEST(Server, TellsTheHandlerThatTheClientHasLeft) {
    std::promise<void> entered, left;
    Router router;
    router.add("GET", "/hold", [&](const Request& request) -> Answer {
        auto executor = co_await boost::asio::this_coro::executor;
        boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                          Executor>
            timer(executor, std::chrono::minutes(1));
        request.watch->on_gone([&] { timer.cancel(); });
        entered.set_value();
        co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable_t<Executor>()));
        left.set_value();
        co_return Response{};
    });
    RunningServer server(router);
    RawClient client(server.port());
    client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    entered.get_future().wait();

    client.close();

    EXPECT_EQ(left.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST(Server, SaysWhichAddressIsInUse) {
    Router router;
    RunningServer first(router);
    boost::asio::io_context context;

    const auto second = Server::listen({.address = "127.0.0.1", .port = first.port()}, router, {&context});

    ASSERT_FALSE(second);
    EXPECT_NE(second.error()->message.find("127.0.0.1:" + std::to_string(first.port())), std::string::npos);
    EXPECT_FALSE(Server::check_address({.address = "127.0.0.1", .port = first.port()}));
}

// OP-01
TEST(Server, ChecksAnAddressWithoutListening) {
    EXPECT_TRUE(Server::check_address({.address = "127.0.0.1", .port = 0}));
    EXPECT_TRUE(Server::check_address({.address = "::1", .port = 0}));
    EXPECT_FALSE(Server::check_address({.address = "192.0.2.1", .port = 0}));
    EXPECT_FALSE(Server::check_address({.address = "quell.example", .port = 0}));
}

// HT-06: a header that comes in pieces has one deadline, not one a piece
TEST(Server, GivesAHeaderThatDripsOneDeadline) {
    Router router;
    RunningServer server(router, {.header_within = std::chrono::seconds(1)});
    RawClient client(server.port());
    client.send("GET /absent HTTP/1.1\r\n");
    for (int i = 0; i < 60 && !client.has_ended_within(std::chrono::milliseconds(100)); ++i) {
        client.send_if_open("A: b\r\n");
    }

    EXPECT_TRUE(client.has_ended_within(std::chrono::milliseconds(0)));
}

// HT-11
TEST(Server, MakesRoomByClosingTheConnectionThatWaitsLongest) {
    Router router;
    RunningServer server(router, {}, 2);
    const std::string request = "GET /absent HTTP/1.1\r\nHost: a\r\n\r\n";
    RawClient oldest(server.port()), half(server.port());
    oldest.send(request);
    EXPECT_NE(oldest.read_until("\r\n\r\n").find(" 404 "), std::string::npos);
    half.send(request);
    EXPECT_NE(half.read_until("\r\n\r\n").find(" 404 "), std::string::npos);

    RawClient fresh(server.port());
    fresh.send(request);

    EXPECT_NE(fresh.read_until("\r\n\r\n").find(" 404 "), std::string::npos);
    EXPECT_TRUE(oldest.is_ended());
    half.send(request);
    EXPECT_NE(half.read_until("\r\n\r\n").find(" 404 "), std::string::npos);
}

// HT-11
TEST(Server, NeverClosesACallToMakeRoom) {
    std::promise<void> entered;
    std::atomic<bool> release = false;
    Router router;
    router.add("GET", "/hold", [&](const Request&) -> Answer {
        auto executor = co_await boost::asio::this_coro::executor;
        entered.set_value();
        boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                          Executor>
            timer(executor);
        while (!release) {
            timer.expires_after(std::chrono::milliseconds(5));
            co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable_t<Executor>{}));
        }
        co_return text(200, "held");
    });
    RunningServer server(router, {}, 1);
    RawClient caller(server.port());
    caller.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    entered.get_future().wait();

    const RawClient refused(server.port());
    EXPECT_TRUE(refused.is_ended());
    release = true;
    EXPECT_NE(caller.read_until("held").find("held"), std::string::npos);
}

}  // namespace
}  // namespace quell::http
