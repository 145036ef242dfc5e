// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// quell.http/1 from a plugin to a server on loopback, in both modes.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>

#include "json/serialize.hpp"
#include "plugins/plugin_host.hpp"
#include "plugins/unique_fd.hpp"

namespace quell::plugins::test {
namespace {

// Answers every connection's first request with 200 and "hello"; below /quoted/ with a header that doubles as JSON,
// below /cut/ with less than it promises, below /large/ with the promise of more than 8 MiB.
// Ends with its object.
class HelloServer {
  public:
    HelloServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(::listen(listener_.get(), 16), 0);
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~HelloServer() {
        ::shutdown(listener_.get(), SHUT_RDWR);
        thread_.join();
    }
    HelloServer(const HelloServer&) = delete;
    HelloServer& operator=(const HelloServer&) = delete;

    std::string authority() const { return "127.0.0.1:" + std::to_string(port_); }
    std::string url() const { return "http://" + authority(); }
    int requests() const { return requests_; }
    // The last request; to be read once it is answered.
    std::string last() const {
        const std::lock_guard lock(mutex_);
        return last_;
    }

  private:
    void serve() {
        for (;;) {
            const UniqueFd client(::accept(listener_.get(), nullptr, nullptr));
            if (!client.valid()) {
                return;
            }
            std::array<char, 4096> request;
            const ssize_t count = ::read(client.get(), request.data(), request.size());
            if (count > 0) {
                ++requests_;
                keep(std::string(request.data(), static_cast<std::size_t>(count)));
                const std::string_view seen(request.data(), static_cast<std::size_t>(count));
                const std::string header = seen.starts_with("GET /quoted/") ? std::string(40'000, '"') : "1";
                const std::string length = seen.starts_with("GET /cut/")     ? "50"
                                           : seen.starts_with("GET /large/") ? "8388609"
                                                                             : "5";
                const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: " + length +
                                           "\r\nConnection: close\r\nX-Test: " + header + "\r\n\r\nhello";
                ::send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
            }
        }
    }

    void keep(std::string request) {
        const std::lock_guard lock(mutex_);
        last_ = std::move(request);
    }

    UniqueFd listener_;
    mutable std::mutex mutex_;
    std::string last_;  // guarded by mutex_
    std::uint16_t port_ = 0;
    std::atomic<int> requests_ = 0;
    std::thread thread_;
};

class Http : public testing::TestWithParam<config::Isolation> {
  protected:
    Http() : host_("faulty", GetParam(), {{"base_url", server_.url()}}) {
        host_.plugin("faulty").egress = {server_.authority()};
        host_.plugin("faulty").allow_insecure_loopback = true;
        host_.start();
    }
    Result<json::Value> apply(std::function<Result<void>()> before, CallOptions options = {}) {
        options.read_only = false;
        options.before_acting_request = std::move(before);
        return host_.connector().call_and_wait(kDeviceContainment, "apply",
                                               json::serialize(json::Object{{"action", "network_contain"},
                                                                            {"device_ids", {"x"}},
                                                                            {"reason", server_.url() + "/act"},
                                                                            {"request_id", "r"}}),
                                               std::move(options));
    }
    HelloServer server_;
    PluginHost host_;
};

TEST_P(Http, BringsTheAnswerToThePlugin) {
    const auto reply = host_.resolve(server_.url() + "/things");

    ASSERT_TRUE(reply) << reply.error()->message << reply.error()->detail;
    EXPECT_EQ(reply->at("devices").at(0).at("provider_device_id").as_string(), "200");
    EXPECT_EQ(reply->at("devices").at(0).at("hostname").as_string(), "hello");
}

// PF-04: the provider's fault, not the plugin's, and another try may get a whole answer.
TEST_P(Http, FailsOnAnswersThatAreCutOrTooLarge) {
    for (const char* path : {"/cut/", "/large/"}) {
        const auto reply = host_.resolve(server_.url() + path);

        ASSERT_FALSE(reply) << path;
        EXPECT_EQ(reply.error()->code, Code::data_loss) << path;
        EXPECT_EQ(reply.error()->key, "connector_unavailable") << path;
        EXPECT_TRUE(reply.error()->retryable) << path;
    }
}

// What a runner's frame cannot hold is a broken answer like any other.
TEST_P(Http, FailsOnHeadersThatTheRunnersFrameCannotHold) {
    const auto reply = host_.resolve(server_.url() + "/quoted/");

    if (GetParam() == config::Isolation::process) {
        ASSERT_FALSE(reply);
        EXPECT_EQ(reply.error()->code, Code::data_loss);
        EXPECT_EQ(reply.error()->key, "connector_unavailable");
        EXPECT_TRUE(reply.error()->retryable);
    } else {
        EXPECT_EQ(key_of(reply), "") << "there is no frame";
    }
}

TEST_P(Http, RefusesToActInAReadOnlyCall) {
    EXPECT_EQ(key_of(host_.resolve("POST " + server_.url() + "/act")), "plugin_error");
    EXPECT_EQ(server_.requests(), 0);
}

TEST_P(Http, RefusesOtherDestinations) {
    EXPECT_NE(key_of(host_.resolve("https://elsewhere.example.com/")), "");
    EXPECT_EQ(server_.requests(), 0);
}

TEST_P(Http, ActsOnlyAfterTheCallerHasRecordedIt) {
    int asked = 0;
    const auto recorded = apply([&]() -> Result<void> {
        EXPECT_EQ(server_.requests(), 0);
        ++asked;
        return {};
    });
    EXPECT_EQ(key_of(recorded), "plugin_bad_result") << "the plugin answered with devices";
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(server_.requests(), 1);
}

// orders/sent_mark.hpp believes a plugin's refusal only after it.
TEST_P(Http, TellsTheCallerHowAnActingRequestEnded) {
    std::vector<egress::RequestLine> lines;
    CallOptions options;
    options.request_finished = [&](const egress::RequestLine& line) { lines.push_back(line); };

    (void)apply([] { return Result<void>(); }, std::move(options));

    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines.front().kind, egress::RequestKind::acting);
    EXPECT_EQ(lines.front().status, 200);
    EXPECT_TRUE(lines.front().sent_to_provider);
}

TEST_P(Http, DoesNotActWhereRecordingFails) {
    const auto failed = apply([]() -> Result<void> {
        return Error(Code::unavailable, "store_unavailable", "The store does not answer.");
    });
    EXPECT_EQ(key_of(failed), "connector_unavailable");
    EXPECT_EQ(key_of(apply({})), "plugin_error") << "nobody records it";
    EXPECT_EQ(server_.requests(), 0);
}

TEST_P(Http, ContinuesTheCallersTraceWithASpanOfItsOwn) {
    const std::string caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    CallOptions options;
    options.trace = *TraceContext::parse(caller);
    testing::internal::CaptureStderr();

    ASSERT_TRUE(host_.resolve(server_.url(), std::move(options)));

    EXPECT_THAT(server_.last(), testing::HasSubstr("traceparent: 00-0af7651916cd43dd8448eb211c80319c-"));
    EXPECT_THAT(server_.last(), testing::Not(testing::HasSubstr("b7ad6b7169203331")));
    EXPECT_THAT(testing::internal::GetCapturedStderr(),
                testing::HasSubstr(R"("trace_id":"0af7651916cd43dd8448eb211c80319c")"));
}

TEST_P(Http, SaysNothingOfATraceWhereThereIsNone) {
    ASSERT_TRUE(host_.resolve(server_.url()));

    EXPECT_THAT(server_.last(), testing::Not(testing::HasSubstr("trace")));
}

INSTANTIATE_TEST_SUITE_P(BothModes, Http,
                         testing::Values(config::Isolation::process, config::Isolation::in_process),
                         [](const auto& mode) { return std::string(config::to_string(mode.param)); });

}  // namespace
}  // namespace quell::plugins::test
