// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// Answers that go on, over a real socket.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "http/running_server.hpp"
#include "http/stream.hpp"

namespace quell::http {
namespace {

using testing::RawClient;
using testing::RunningServer;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class StreamConnectionTest : public ::testing::Test {
  protected:
    StreamConnectionTest() {
        router_.add("GET", "/stream", [this](const Request&) -> Answer {
            Response response;
            response.headers = {{"Content-Type", "text/event-stream"}};
            response.stream = stream_;
            co_return response;
        });
    }
    const std::shared_ptr<Stream> stream_ = std::make_shared<Stream>();
    Router router_;
};

constexpr const char* kGet = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_F(StreamConnectionTest, SendsWhatComesInChunksAndEndsWithTheStream) {
    RunningServer server(router_);
    RawClient client(server.port());
    stream_->send("data: 1\n\n");
    client.send(kGet);
    stream_->send("data: 2\n\n");
    stream_->end();

    const std::string answer = client.read_to_end();

    EXPECT_THAT(answer, HasSubstr("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("Content-Length")));
    EXPECT_THAT(answer, HasSubstr("data: 1\n\n"));
    EXPECT_THAT(answer, HasSubstr("data: 2\n\n"));
    EXPECT_THAT(answer, EndsWith("\r\n0\r\n\r\n"));
}

TEST_F(StreamConnectionTest, TellsTheMakerWhenTheClientLeaves) {
    RunningServer server(router_);
    std::promise<void> gone;
    stream_->on_gone([&] { gone.set_value(); });
    {
        RawClient client(server.port());
        client.send(kGet);
        stream_->send("data: 1\n\n");
        client.read_until("data: 1");
    }
    EXPECT_EQ(gone.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST_F(StreamConnectionTest, DropsAClientThatMayNotHaveItAnyMore) {
    RunningServer server(router_);
    RawClient client(server.port());
    client.send(kGet);
    stream_->send("data: 1\n\n");
    const std::string answer = client.read_until("data: 1");
    stream_->drop();
    EXPECT_THAT(answer + client.read_to_end(), EndsWith("0\r\n\r\n"));
}

TEST_F(StreamConnectionTest, AsksTheMakerToEndWhenTheServerDrains) {
    RunningServer server(router_);
    stream_->on_drain([this] {
        stream_->send("bye");
        stream_->end();
    });
    RawClient client(server.port());
    client.send(kGet);
    stream_->send("data: 1\n\n");
    const std::string answer = client.read_until("data: 1");
    server.server().drain();
    EXPECT_THAT(answer + client.read_to_end(), HasSubstr("bye"));
}

}  // namespace
}  // namespace quell::http
