// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// A runner that has been taken over may send anything; here it is a test that writes the frames, and a `sleep` that
// stands for the process.

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>

#include <array>
#include <future>

#include "json/parse.hpp"
#include "plugins/instance.hpp"
#include "plugins/plugin_host.hpp"
#include "plugins/runner/frame_reader.hpp"
#include "plugins/runner_process.hpp"

namespace quell::plugins::test {
namespace {

using testing::HasSubstr;

class HostileRunner : public testing::Test {
  protected:
    HostileRunner() : log_(PluginId("hostile")) {
        std::array<int, 2> sockets{};
        std::array<int, 2> pipes{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()), 0);
        EXPECT_EQ(::pipe2(pipes.data(), O_CLOEXEC), 0);
        SpawnedRunner spawned;
        char* arguments[] = {const_cast<char*>("sleep"), const_cast<char*>("1000"), nullptr};
        EXPECT_EQ(::posix_spawnp(&spawned.pid, "sleep", nullptr, nullptr, arguments, environ), 0);
        spawned.socket = UniqueFd(sockets[0]);
        spawned.output = UniqueFd(pipes[0]);
        socket_ = UniqueFd(sockets[1]);
        output_ = UniqueFd(pipes[1]);
        instance_.log = &log_;
        process_ = std::make_unique<RunnerProcess>(
            std::move(spawned),
            RunnerProcess::Setup{.generation = 1, .manifest = "{}", .plugin = PluginId("hostile"), .crashes = crashes_}, log_);
    }

    void send(FrameType type, std::string_view head, std::string_view body = {}) {
        EXPECT_TRUE(FrameWriter(socket_.get()).send(type, head, body));
    }
    void say_hello() {
        send(FrameType::hello, R"({"sandbox":{"landlock":1,"seccomp":true,"memory_mb":1}})", "{}");
        ASSERT_TRUE(process_->wait_until_ready(in(5)));
    }
    // The host's next frame; its head.
    json::Object receive() {
        Frame frame;
        EXPECT_EQ(reader_->read(frame), FrameReader::Status::frame);
        return json::parse(frame.head).value().as_object();
    }
    std::future<Outcome> call() {
        reader_ = std::make_unique<FrameReader>(socket_.get());
        auto outcome = std::async(std::launch::async, [this] {
            Call made({.instance = instance_,
                       .capability = "device_containment/1",
                       .method = "resolve",
                       .request = "{}",
                       .options = within(std::chrono::seconds(30))});
            return process_->run(made);
        });
        id_ = std::to_string(receive().at("call").to_number<std::uint64_t>());
        return outcome;
    }
    std::string reason_of_end() {
        while (process_->state() != RunnerProcess::State::ended) {
            std::this_thread::yield();
        }
        return process_->reason();
    }
    static Deadline in(int seconds) { return std::chrono::steady_clock::now() + std::chrono::seconds(seconds); }

    const std::shared_ptr<CrashHistory> crashes_ = std::make_shared<CrashHistory>(nullptr);
    PluginLog log_;
    Instance instance_;
    UniqueFd socket_;
    UniqueFd output_;
    std::unique_ptr<FrameReader> reader_;
    std::unique_ptr<RunnerProcess> process_;
    std::string id_;
};

TEST_F(HostileRunner, MayAnswerACall) {
    say_hello();
    auto outcome = call();
    send(FrameType::reply, R"({"call":)" + id_ + "}", "text");

    const Outcome got = outcome.get();
    EXPECT_EQ(got.kind, Outcome::Kind::reply);
    EXPECT_EQ(got.text, "text");
}

TEST_F(HostileRunner, MustSayHelloFirst) {
    send(FrameType::log, R"({"level":1,"message":"x"})");
    EXPECT_THAT(reason_of_end(), HasSubstr("before the hello"));
}

TEST_F(HostileRunner, MustHoldTheManifestOfItsFile) {
    send(FrameType::hello, "{}", R"({"id":"other"})");
    EXPECT_FALSE(process_->wait_until_ready(in(5)));
    EXPECT_EQ(process_->state(), RunnerProcess::State::refused);
    EXPECT_THAT(process_->reason(), HasSubstr("another manifest"));
}

struct Violation {
    std::string name;
    FrameType type;
    std::string head;
    std::string reason;
};

class Violates : public HostileRunner, public testing::WithParamInterface<Violation> {};

TEST_P(Violates, TheProtocolAndIsKilledWithItsCalls) {
    say_hello();
    auto outcome = call();
    std::string head = GetParam().head;
    if (const auto place = head.find("ID"); place != std::string::npos) {
        head.replace(place, 2, id_);
    }

    send(GetParam().type, head);

    EXPECT_THAT(reason_of_end(), HasSubstr(GetParam().reason));
    EXPECT_EQ(outcome.get().kind, Outcome::Kind::lost);
}

INSTANTIATE_TEST_SUITE_P(
    Frames, Violates,
    testing::Values(Violation{"unknown_call", FrameType::reply, R"({"call":999})", "not in progress"},
                    Violation{"negative_call", FrameType::reply, R"({"call":-1})", "not in progress"},
                    Violation{"no_call", FrameType::reply, "{}", "not in progress"},
                    Violation{"head_is_no_object", FrameType::reply, "[]", "not a JSON object"},
                    Violation{"head_is_no_json", FrameType::reply, "{", "not a JSON object"},
                    Violation{"second_hello", FrameType::hello, "{}", "second hello"},
                    Violation{"host_frame", FrameType::cancel, R"({"call":ID})", "does not belong there"},
                    Violation{"created", FrameType::created, R"({"call":ID})", "does not belong there"},
                    Violation{"bad_log", FrameType::log, R"({"level":"x"})", "log line"},
                    Violation{"bad_http", FrameType::http_request, R"({"call":ID,"method":7})", "malformed HTTP"}),
    [](const auto& violation) { return violation.param.name; });

TEST_F(HostileRunner, MayNotAnnounceAFrameBeyondTheCaps) {
    say_hello();
    const FramePrefix prefix = encode_prefix(FrameType::log, 2, kMaxBody + 1);
    ASSERT_EQ(::write(socket_.get(), prefix.data(), prefix.size()), static_cast<ssize_t>(prefix.size()));
    EXPECT_THAT(reason_of_end(), HasSubstr("size or type"));
}

TEST_F(HostileRunner, MayNotUseAnUnknownType) {
    say_hello();
    const FramePrefix prefix = encode_prefix(static_cast<FrameType>(200), 2, 0);
    ASSERT_EQ(::write(socket_.get(), prefix.data(), prefix.size()), static_cast<ssize_t>(prefix.size()));
    EXPECT_THAT(reason_of_end(), HasSubstr("size or type"));
}

TEST_F(HostileRunner, IsKilledWhenItClosesItsEnd) {
    say_hello();
    auto outcome = call();
    socket_.reset();
    EXPECT_EQ(outcome.get().kind, Outcome::Kind::lost);
    EXPECT_EQ(process_->state(), RunnerProcess::State::ended);
}

}  // namespace
}  // namespace quell::plugins::test
