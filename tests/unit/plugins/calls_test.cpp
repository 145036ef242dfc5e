// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// What holds in both isolation modes.

#include <future>

#include "plugins/plugin_host.hpp"

namespace quell::plugins::test {
namespace {

using namespace std::chrono_literals;

class Calls : public testing::TestWithParam<config::Isolation> {};

TEST_P(Calls, AnswerFromThePlugin) {
    PluginHost host("memory", GetParam());
    host.start();

    const auto reply = host.resolve("bob-win.corp.example");

    ASSERT_TRUE(reply) << reply.error()->message << reply.error()->detail;
    EXPECT_EQ(reply->at("devices").at(0).at("provider_device_id").as_string(), "mem-2");
}

TEST_P(Calls, RefuseWhatThePluginDoesNotOffer) {
    PluginHost host("memory", GetParam());
    host.start();

    EXPECT_EQ(key_of(host.connector().call_and_wait("session_revocation/1", "resolve", "{}", {})),
              "action_not_supported");
    EXPECT_EQ(key_of(host.connector().call_and_wait("device_containment/1", "explode", "{}", {})),
              "action_not_supported");
}

TEST_P(Calls, MapAFailureToItsKeyAndKeepTheMessage) {
    PluginHost host("faulty", GetParam(), {{"base_url", "https://api.example.com"}});
    host.start();

    const auto failure = host.resolve("refuse");

    ASSERT_FALSE(failure);
    EXPECT_EQ(failure.error()->key, "http_403");
    EXPECT_EQ(failure.error()->code, Code::permission_denied);
    EXPECT_EQ(failure.error()->message, "The API client lacks the scope Hosts: write.");
    EXPECT_EQ(failure.error()->retry_after_seconds, 2);
}

// PL-04
TEST_P(Calls, RefuseRepliesThatAreNotWhatTheSchemaSays) {
    PluginHost host("faulty", GetParam(), {{"base_url", "https://api.example.com"}});
    host.start();

    for (const char* value : {"not-json", "not-utf8", "wrong-shape", "huge", "secret"}) {
        EXPECT_EQ(key_of(host.resolve(value)), "plugin_bad_result") << value;
    }
    EXPECT_EQ(key_of(host.resolve("nothing")), "plugin_error");
    EXPECT_EQ(key_of(host.resolve("twice")), "") << "the first result counts";
    EXPECT_EQ(key_of(host.resolve("anything")), "");
}

// PL-02
TEST_P(Calls, SurviveAPluginThatThrows) {
    PluginHost host("throwing", GetParam());
    host.add_connector("early", "throwing", {{"early", true}});
    host.start();

    EXPECT_EQ(key_of(host.resolve("x")), "plugin_error");
    EXPECT_EQ(key_of(host.resolve("x")), "plugin_error");
    EXPECT_EQ(key_of(host.resolve("x", {}, "early")), "connector_misconfigured");
}

TEST_P(Calls, WakeASleepingPluginAtTheDeadline) {
    PluginHost host("faulty", GetParam(), {{"base_url", "https://api.example.com"}});
    host.start();
    ASSERT_TRUE(host.resolve("warm up"));

    const auto failure = host.resolve("nap", within(100ms));

    EXPECT_EQ(key_of(failure), "deadline_exceeded");
    EXPECT_TRUE(host.resolve("anything")) << "the worker is free again";
}

// PL-01
TEST_P(Calls, IgnoreAReplyThatComesAfterTheAnswer) {
    PluginHost host("faulty", GetParam(), {{"base_url", "https://api.example.com"}});
    host.start();
    ASSERT_TRUE(host.resolve("warm up"));

    auto other = std::async(std::launch::async, [&] { return host.resolve("late", within(50ms)); });
    EXPECT_EQ(key_of(host.resolve("late", within(50ms))), "deadline_exceeded");
    EXPECT_EQ(key_of(other.get()), "deadline_exceeded");

    EXPECT_TRUE(host.resolve("anything")) << "one of the two workers has come back";
    EXPECT_EQ(host.status().backend.history.crashes, 0U);
}

// PL-01
TEST_P(Calls, AnswerForAPluginThatHangsInCreate) {
    PluginHost host("faulty", GetParam(), {{"base_url", "https://api.example.com"}, {"trouble", "hang-create"}});
    host.add_connector("sound", "faulty", {{"base_url", "https://api.example.com"}});
    host.start();
    ASSERT_TRUE(host.resolve("warm up", {}, "sound"));

    EXPECT_EQ(key_of(host.resolve("x", within(50ms))), "deadline_exceeded");

    EXPECT_TRUE(host.resolve("anything", {}, "sound"));
    EXPECT_EQ(key_of(host.resolve("y", within(50ms))), "deadline_exceeded") << "the second does not wait for the first";
    EXPECT_TRUE(host.resolve("anything", {}, "sound"));
}

// PL-01, OP-04: the host says whether plugin code came back, and does not wait for it
TEST_P(Calls, DoNotKeepTheHostWhereAPluginHangsInDestroy) {
    PluginHost host("faulty", GetParam(), {{"base_url", "https://api.example.com"}, {"trouble", "hang-destroy"}});
    host.start();
    ASSERT_TRUE(host.resolve("anything"));

    EXPECT_EQ(host.registry().stop(), GetParam() == config::Isolation::process);
}

TEST_P(Calls, EndWhenTheCallerGoes) {
    PluginHost host("faulty", GetParam(), {{"base_url", "https://api.example.com"}});
    host.start();
    std::stop_source caller;
    CallOptions options;
    options.cancel = caller.get_token();

    auto result = std::async(std::launch::async, [&] { return host.resolve("nap", std::move(options)); });
    caller.request_stop();

    EXPECT_EQ(result.get().error()->code, Code::cancelled);
}

TEST_P(Calls, ReportSettingsThatThePluginRefuses) {
    PluginHost host("faulty", GetParam(), {{"base_url", "https://api.example.com"}, {"refuse", "yes"}});
    host.start();

    const auto failure = host.resolve("x");

    ASSERT_FALSE(failure);
    EXPECT_EQ(failure.error()->key, "connector_misconfigured");
    EXPECT_THAT(failure.error()->message, testing::HasSubstr("this tenant does not exist at the provider"));
}

TEST_P(Calls, KeepOneInstanceAConnector) {
    PluginHost host("memory", GetParam());
    host.add_connector("other", "memory", {});
    host.start();
    const std::string contain =
        R"({"action":"network_contain","device_ids":["mem-1"],"reason":"test","request_id":"r"})";
    CallOptions acting;
    acting.read_only = false;

    ASSERT_TRUE(host.connector().call_and_wait(kDeviceContainment, "apply", contain, acting));

    const auto mine = host.resolve("alice-mac.corp.example");
    const auto others = host.resolve("alice-mac.corp.example", {}, "other");
    EXPECT_EQ(mine->at("devices").at(0).at("containment_state").as_string(), "contained");
    EXPECT_EQ(others->at("devices").at(0).at("containment_state").as_string(), "normal");
}

TEST_P(Calls, RunSideBySide) {
    PluginHost host("memory", GetParam());
    host.start();
    std::vector<std::future<bool>> all;
    for (int thread = 0; thread < 8; ++thread) {
        all.push_back(std::async(std::launch::async, [&host] {
            bool good = true;
            for (int i = 0; i < 50; ++i) {
                good = good && host.resolve("bob-win.corp.example").has_value();
            }
            return good;
        }));
    }
    for (auto& one : all) {
        EXPECT_TRUE(one.get());
    }
}

TEST_P(Calls, KeepLogLinesBounded) {
    PluginHost host("faulty", GetParam(), {{"base_url", "https://api.example.com"}});
    host.start();
    testing::internal::CaptureStderr();

    EXPECT_TRUE(host.resolve("chatter"));
    host.registry().stop();

    const std::string log = testing::internal::GetCapturedStderr();
    const auto lines = std::count(log.begin(), log.end(), '\n');
    EXPECT_GT(lines, 50);
    EXPECT_LT(lines, 220);  // 300 were written; the limit is 100 in each second
    EXPECT_THAT(log, testing::HasSubstr(R"("connector":"main")"));
    EXPECT_THAT(log, testing::Not(testing::HasSubstr("\x1b")));
}

INSTANTIATE_TEST_SUITE_P(BothModes, Calls,
                         testing::Values(config::Isolation::process, config::Isolation::in_process),
                         [](const auto& mode) { return std::string(config::to_string(mode.param)); });

}  // namespace
}  // namespace quell::plugins::test
