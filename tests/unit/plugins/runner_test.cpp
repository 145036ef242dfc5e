// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// What the process around a plugin gives: the sandbox, and that its end costs only its own calls.

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include <fstream>
#include <future>

#include "plugins/plugin_host.hpp"
#include "plugins/unique_fd.hpp"

namespace quell::plugins::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const config::Isolation kProcess = config::Isolation::process;

PluginHost faulty_host() { return {"faulty", kProcess, {{"base_url", "https://api.example.com"}}}; }

bool has_landlock() {
    PluginHost host("memory", kProcess);
    host.plugin("memory").sandbox = config::Sandbox::best;
    host.start();
    EXPECT_TRUE(host.resolve("x"));
    return host.status().backend.landlock_abi > 0;
}

TEST(Sandbox, HoldsThePluginsConstructors) {
    if (!has_landlock()) {
        GTEST_SKIP() << "this kernel has no Landlock";
    }
    // As a library may open them: without close-on-exec, the lowest free and one far beyond.
    const UniqueFd near(::open("/dev/null", O_RDONLY));
    const UniqueFd far(::fcntl(near.get(), F_DUPFD, 200));
    ASSERT_TRUE(near.valid() && far.valid());
    PluginHost host("probe", kProcess);
    host.start();

    const auto reply = host.resolve("x");

    ASSERT_TRUE(reply) << reply.error()->message;
    EXPECT_EQ(reply->at("devices").at(0).at("hostname").as_string(), "threads libraries");
}

TEST(Sandbox, IsReported) {
    PluginHost host("memory", kProcess);
    host.plugin("memory").sandbox = config::Sandbox::best;
    host.plugin("memory").limits.memory_mb = 64;
    host.start();
    ASSERT_TRUE(host.resolve("x"));

    const PluginStatus status = host.status();

    EXPECT_EQ(status.backend.state, BackendStatus::State::ready);
    EXPECT_TRUE(status.backend.seccomp);
    EXPECT_GT(status.backend.pid, 0);
    EXPECT_EQ(to_json(status).at("sandbox").at("wanted").as_string(), "best");
}

// PL-05
TEST(Sandbox, LimitsMemoryOfThePluginAlone) {
    auto host = faulty_host();
    host.start();
    ASSERT_TRUE(host.resolve("warm up"));
    if (host.status().backend.memory_mb == 0) {
        GTEST_SKIP() << "a sanitizer build has no memory limit";
    }

    const auto failure = host.resolve("leak");

    ASSERT_FALSE(failure);
    EXPECT_EQ(failure.error()->message, "out of memory");
}

struct Ending {
    std::string value;
    std::string reason;
};

class RunnerEnds : public testing::TestWithParam<Ending> {};

// PL-03
TEST_P(RunnerEnds, AndCostsOnlyItsCallsAndComesBack) {
    auto host = faulty_host();
    host.start();
    ASSERT_TRUE(host.resolve("warm up"));
    testing::internal::CaptureStderr();

    EXPECT_EQ(key_of(host.resolve(GetParam().value)), "connector_unavailable");
    EXPECT_TRUE(host.resolve("anything"));

    EXPECT_EQ(host.status().backend.restarts, 1U);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr(GetParam().reason));
}

INSTANTIATE_TEST_SUITE_P(Ways, RunnerEnds,
                         testing::Values(Ending{"segv", "SEGV"}, Ending{"abort", "ABRT"}, Ending{"exit", "exit code 0"}),
                         [](const auto& ending) { return ending.param.value; });

// PL-01
TEST(Runner, ThatHangsIsAnsweredAtTheDeadlineAndKilled) {
    auto host = faulty_host();
    host.start();
    ASSERT_TRUE(host.resolve("warm up"));

    // Were it answered only when the process is killed, the key would be connector_unavailable.
    EXPECT_EQ(key_of(host.resolve("hang", within(100ms))), "deadline_exceeded");

    EXPECT_TRUE(host.resolve("anything")) << "the other worker is free";
    while (host.status().backend.state == BackendStatus::State::ready) {
        std::this_thread::yield();
    }
    EXPECT_EQ(host.status().backend.reason, "a call did not end in time");
    EXPECT_TRUE(host.resolve("anything"));
}

// PL-03
TEST(Runner, ThatCrashesFiveTimesInAMinuteIsQuarantinedUntilThatIsLifted) {
    auto host = faulty_host();
    host.start();
    for (int crash = 1; crash <= 5; ++crash) {
        ASSERT_TRUE(host.resolve("anything")) << "restarted " << crash - 1 << " times";
        ASSERT_EQ(key_of(host.resolve("abort")), "connector_unavailable");
    }

    const auto refused = host.resolve("anything");

    EXPECT_EQ(key_of(refused), "connector_unavailable");
    EXPECT_THAT(refused.error()->message, HasSubstr("crashed too often"));
    const PluginStatus status = host.status();
    EXPECT_EQ(status.backend.state, BackendStatus::State::quarantined);
    EXPECT_EQ(status.backend.restarts, 4U);
    EXPECT_EQ(to_health(status).at("crashes").to_number<int>(), 5);
    EXPECT_EQ(to_health(status).at("last_crash").as_string(), "signal SIGABRT");
    EXPECT_TRUE(to_health(status).at("quarantined_since").is_string());
    ASSERT_EQ(host.crashes().size(), 5U);
    EXPECT_TRUE(host.crashes().back().quarantines);

    EXPECT_TRUE(host.registry().lift_quarantine(PluginId("faulty")));

    EXPECT_TRUE(host.resolve("anything"));
    EXPECT_EQ(host.registry().lift_quarantine(PluginId("faulty")).error()->code, Code::failed_precondition);
    EXPECT_EQ(host.registry().lift_quarantine(PluginId("nobody")).error()->code, Code::not_found);
}

// PL-03
TEST(Runner, ThatCrashesInCreateOrDestroyCostsNobodyElse) {
    auto host = faulty_host();
    host.add_connector("early", "faulty", {{"base_url", "https://api.example.com"}, {"trouble", "crash-create"}});
    host.add_connector("at-end", "faulty", {{"base_url", "https://api.example.com"}, {"trouble", "crash-destroy"}});
    host.start();

    EXPECT_EQ(key_of(host.resolve("x", {}, "early")), "connector_unavailable");
    EXPECT_TRUE(host.resolve("anything", {}, "at-end"));
    EXPECT_TRUE(host.resolve("anything"));
    EXPECT_TRUE(host.registry().stop());
}

// PL-03: what the thread does to its process is its own affair; the host goes on
TEST(Runner, WithAThreadThatGoesOnUsingACallCostsTheHostNothing) {
    auto host = faulty_host();
    host.start();

    static_cast<void>(host.resolve("stray"));

    bool served = false;
    for (int i = 0; i < 20 && !served; ++i) {
        served = host.resolve("anything").has_value();
    }
    EXPECT_TRUE(served);
    EXPECT_TRUE(host.registry().stop());
}

TEST(Runner, TellsOfACrashWithTheEndOfItsOutput) {
    auto host = faulty_host();
    host.start();
    ASSERT_TRUE(host.resolve("chatter"));

    ASSERT_FALSE(host.resolve("abort"));

    ASSERT_EQ(host.crashes().size(), 1U);
    EXPECT_EQ(host.crashes().front().reason, "signal SIGABRT");
    EXPECT_EQ(host.crashes().front().calls_in_flight, 1U);
    EXPECT_THAT(host.crashes().front().output, HasSubstr("to standard output"));
}

TEST(Runner, RefusesACallThatCannotWaitForTheRestart) {
    auto host = faulty_host();
    host.start();
    ASSERT_FALSE(host.resolve("segv"));

    const auto refused = host.resolve("anything", within(50ms));

    EXPECT_EQ(key_of(refused), "connector_unavailable");
    EXPECT_EQ(refused.error()->retry_after_seconds, 1);
}

TEST(Runner, EndsWithTheRegistry) {
    PluginHost host("memory", kProcess);
    host.start();
    ASSERT_TRUE(host.resolve("x"));
    const auto pid = static_cast<pid_t>(host.status().backend.pid);

    host.registry().stop();

    EXPECT_EQ(::kill(pid, 0), -1);
    EXPECT_EQ(errno, ESRCH);
    EXPECT_EQ(key_of(host.resolve("x")), "connector_unavailable");
}

TEST(Runner, StopEndsACallThatHangs) {
    auto host = faulty_host();
    host.start();
    ASSERT_TRUE(host.resolve("warm up"));
    auto hanging = std::async(std::launch::async, [&] { return host.resolve("hang"); });
    std::this_thread::yield();

    EXPECT_TRUE(host.registry().stop());

    EXPECT_EQ(key_of(hanging.get()), "connector_unavailable");
}

TEST(Runner, HasItsLimitsSet) {
    PluginHost host("memory", kProcess);
    host.start();
    ASSERT_TRUE(host.resolve("x"));

    std::ifstream limits("/proc/" + std::to_string(host.status().backend.pid) + "/limits");
    const std::string text((std::istreambuf_iterator<char>(limits)), {});

    EXPECT_THAT(text, testing::ContainsRegex("Max core file size +0 +0"));
    EXPECT_THAT(text, testing::ContainsRegex("Max open files +64 +64"));
}

}  // namespace
}  // namespace quell::plugins::test
