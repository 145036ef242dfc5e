// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// The capabilities that reach people, from coroutines.

#include <boost/asio/co_spawn.hpp>
#include <cstdlib>
#include <optional>

#include "plugins/challenge_channel.hpp"
#include "plugins/check.hpp"
#include "plugins/identity_lookup.hpp"
#include "plugins/inbound_event.hpp"
#include "plugins/notification_channel.hpp"
#include "plugins/plugin_host.hpp"

namespace quell::plugins::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

template <class T>
Result<T> run(base::Task<T> task) {
    boost::asio::io_context io(1);
    std::optional<Result<T>> outcome;
    boost::asio::co_spawn(io.get_executor(), std::move(task),
                          [&](std::exception_ptr, Result<T> result) { outcome = std::move(result); });
    io.run();
    return std::move(*outcome);
}

json::Object with_key() { return {{"key", json::Object{{"env", "QUELL_TEST_SIGNING_KEY"}}}}; }

class People : public testing::TestWithParam<config::Isolation> {
  protected:
    People() { ::setenv("QUELL_TEST_SIGNING_KEY", "signing-key", 1); }

    const Connector& start() {
        host_.plugin("people").raw_secrets = {"key"};
        host_.start();
        return host_.connector();
    }
    Result<InboundReply> handle(const std::string& query) {
        return run(handle_inbound(host_.connector(), {.method = "POST", .query = query, .body = std::string("\0\xff", 2)}, {}));
    }

    PluginHost host_{"people", GetParam(), with_key()};
};

TEST_P(People, AreSentAChallenge) {
    const Connector& connector = start();
    ChallengeMessage challenge{.challenge_id = "c-1", .target = {.email = "alice@corp.example"}, .requester = {.label = "Bob"}};

    const auto sent = run(send_challenge(connector, challenge, {}));

    ASSERT_TRUE(sent) << sent.error()->message;
    EXPECT_EQ(sent->message, "m-1");
    EXPECT_EQ(sent->target_user_id, "U1");
    EXPECT_EQ(sent->requester_user_id, "UBOT");
    EXPECT_TRUE(run(show_challenge_end(connector, {"c-1", "m-1", "verified", {.label = "Bob"}}, {})));
    EXPECT_TRUE(run(withdraw_challenge(connector, "c-1", "m-1", {})));
    challenge.target.email = "nobody@corp.example";
    EXPECT_EQ(key_of(run(send_challenge(connector, challenge, {}))), "user_not_found");
}

TEST_P(People, AreToldSomething) {
    EXPECT_EQ(run(notify(start(), {.person = {.email = "a@corp.example"}, .title = "t", .text = "x"}, {})).value(), "n-1");
}

TEST_P(People, AreFoundByAddressAndById) {
    const Connector& connector = start();

    EXPECT_EQ(run(find_user(connector, {.email = "alice@corp.example"}, {}))->front().email, "alice@corp.example");
    EXPECT_EQ(run(find_user(connector, {.provider_user_id = "U1"}, {}))->front().name, "Alice");
    EXPECT_EQ(key_of(run(find_user(connector, {.provider_user_id = "U2"}, {}))), "plugin_bad_result");
}

TEST_P(People, AnswerThroughAnEvent) {
    start();

    const auto reply = handle("answered");

    ASSERT_TRUE(reply) << reply.error()->message;
    ASSERT_THAT(reply->events, SizeIs(1));
    EXPECT_EQ(reply->events[0].event_id, "e-1");
    const auto event = parse_inbound_event(reply->events[0].text);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->provider_user_id, "U1");
    const auto& answered = std::get<ChallengeAnswered>(event->what);
    EXPECT_FALSE(answered.verified);
    EXPECT_EQ(answered.context, "not me");
}

TEST_P(People, AreSpokenForOnlyInHeadersThatAPluginMaySet) {
    start();

    EXPECT_THAT(handle("page")->headers, testing::ElementsAre(Pair("retry-after", "3")));
}

TEST_P(People, HaveDoneNothingWhereARequestIsRefused) {
    start();

    EXPECT_EQ(key_of(handle("refused")), "plugin_bad_result");
    EXPECT_EQ(key_of(handle("invented")), "plugin_bad_result");
}

TEST_P(People, HaveTheirBytesBroughtUnchangedAndTheAgreedSecretAlone) {
    start();

    EXPECT_EQ(handle("")->body, "AP8= signing-key 0");
}

TEST_P(People, AreNotReachedWithASecretThatNobodyAgreedTo) {
    host_.start();

    ASSERT_NE(host_.connector().problem(), nullptr);
    EXPECT_THAT((*host_.connector().problem())->message, HasSubstr("raw_secrets = [\"key\"]"));
}

TEST_P(People, AreNotListenedToByAConnectorThatLacksWhatThatNeeds) {
    host_.add_connector("deaf", "people", {});
    start();

    EXPECT_FALSE(host_.connector("deaf").offers(kInboundEvent));
    EXPECT_TRUE(host_.connector("deaf").offers(kNotificationChannel));
    EXPECT_THAT(host_.registry().enabled(TenantId("acme"), kInboundEvent), SizeIs(1));
    EXPECT_THAT(host_.registry().enabled(TenantId("acme"), kNotificationChannel), SizeIs(2));
}

INSTANTIATE_TEST_SUITE_P(BothModes, People, testing::Values(config::Isolation::process, config::Isolation::in_process),
                         [](const auto& mode) { return std::string(config::to_string(mode.param)); });

}  // namespace
}  // namespace quell::plugins::test
