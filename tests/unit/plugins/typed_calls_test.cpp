// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// The typed capability interfaces, from coroutines.

#include <boost/asio/co_spawn.hpp>
#include <optional>

#include "plugins/health.hpp"
#include "plugins/plugin_host.hpp"

namespace quell::plugins::test {
namespace {

template <class T>
Result<T> run(base::Task<T> task) {
    boost::asio::io_context io(1);
    std::optional<Result<T>> outcome;
    boost::asio::co_spawn(io.get_executor(), std::move(task),
                          [&](std::exception_ptr, Result<T> result) { outcome = std::move(result); });
    io.run();
    return std::move(*outcome);
}

DeviceAction contain(std::vector<std::string> ids) {
    return {.action = "network_contain", .device_ids = std::move(ids), .reason = "test", .request_id = "r"};
}

class TypedCalls : public testing::TestWithParam<config::Isolation> {};

TEST_P(TypedCalls, ResolveAndContainADevice) {
    PluginHost host("memory", GetParam());
    host.start();
    const Connector& connector = host.connector();

    const auto found = run(resolve(connector, {"serial_number", "C02ALICE0001"}, {}));
    ASSERT_TRUE(found) << found.error()->message;
    ASSERT_EQ(found->size(), 1U);
    EXPECT_EQ(found->front().hostname, "alice-mac.corp.example");
    EXPECT_EQ(found->front().user_email, std::nullopt);
    EXPECT_EQ(found->front().containment_state, "normal");

    const auto first = run(apply(connector, contain({"mem-1", "mem-2"}), {}));
    ASSERT_TRUE(first) << first.error()->message << first.error()->detail;
    ASSERT_EQ(first->size(), 2U);
    EXPECT_EQ(first->front().state, OutcomeState::confirmed);
    EXPECT_EQ(first->front().changed, true);
    EXPECT_EQ(run(apply(connector, contain({"mem-1"}), {}))->front().changed, false);
}

TEST_P(TypedCalls, FollowAnAcceptedAction) {
    PluginHost host("memory", GetParam(), {{"asynchronous", true}});
    host.start();

    const auto accepted = run(apply(host.connector(), contain({"mem-3"}), {}));
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->front().state, OutcomeState::accepted);
    EXPECT_EQ(accepted->front().continuation, "later");
    EXPECT_EQ(accepted->front().poll_after, Millis(50));

    DevicePoll asked;
    asked.action = "network_contain";
    asked.devices.push_back({"mem-3", "later", wall_now()});
    const auto done = run(poll(host.connector(), asked, {}));
    ASSERT_TRUE(done);
    EXPECT_EQ(done->front().state, OutcomeState::confirmed);
}

TEST_P(TypedCalls, RefuseOutcomesThatAreNotOneForEachId) {
    PluginHost memory("memory", GetParam());
    memory.start();
    PluginHost faulty("faulty", GetParam(), {{"base_url", "https://api.example.com"}});
    faulty.start();

    EXPECT_EQ(key_of(run(apply(faulty.connector(), contain({"x"}), {}))), "plugin_bad_result");
    EXPECT_EQ(key_of(run(apply(memory.connector(), contain({"mem-1", "absent"}), {}))), "plugin_bad_result");
}

TEST_P(TypedCalls, AskForHealth) {
    PluginHost host("memory", GetParam());
    host.start();

    EXPECT_TRUE(run(check_health(host.connector(), {}))->healthy);
    EXPECT_TRUE(check_health_and_wait(host.connector(), {})->healthy);
}

INSTANTIATE_TEST_SUITE_P(BothModes, TypedCalls,
                         testing::Values(config::Isolation::process, config::Isolation::in_process),
                         [](const auto& mode) { return std::string(config::to_string(mode.param)); });

}  // namespace
}  // namespace quell::plugins::test
