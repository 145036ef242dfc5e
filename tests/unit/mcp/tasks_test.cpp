// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/tasks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "json/serialize.hpp"

namespace quell::mcp {
namespace {

using plugins::ContentReply;
using ::testing::HasSubstr;
using ::testing::Not;

class TasksTest : public ::testing::Test {
  protected:
    std::string begin() {
        const auto members = tasks_.begin({caller_, ConnectorKey("main"), "t", false, {}}, working("c-1"), now_);
        return std::string(json::text(json::parse("{" + members.value() + "}").value().at("taskId")));
    }
    static ContentReply working(std::string continuation) {
        return {.kind = ContentReply::Kind::task, .continuation = std::move(continuation), .poll_after = Millis(500), .ttl = Millis(60'000)};
    }
    static ContentReply asking(std::string requests, std::string continuation) {
        return {.kind = ContentReply::Kind::input_required, .text = std::move(requests), .state = std::move(continuation)};
    }

    const identity::Principal caller_{TenantId("acme"), "user:1", "a", ClientId("c"), {}};
    WallTime now_ = from_unix_millis(1'700'000'000'000);
    Tasks tasks_;
};

TEST_F(TasksTest, BelongToTheirCaller) {
    const std::string id = begin();
    identity::Principal other = caller_;
    other.client = ClientId("d");
    EXPECT_TRUE(tasks_.knows(caller_, id, now_));
    EXPECT_FALSE(tasks_.knows(other, id, now_));
    EXPECT_FALSE(tasks_.knows(caller_, "x", now_));
}

TEST_F(TasksTest, OfOneOwnerAreLimitedAlsoWhenTheyAreOver) {
    const identity::Principal other{TenantId("acme"), "user:2", "b", ClientId("c"), {}};
    const auto begin_as = [&](const identity::Principal& caller) {
        return tasks_.begin({caller, ConnectorKey("main"), "t", false, {}}, working("c-1"), now_);
    };
    const std::string first = begin();
    static_cast<void>(tasks_.cancel(first, now_));
    for (int i = 1; i < 1'000; ++i) {
        begin();
    }

    EXPECT_TRUE(begin_as(caller_));
    EXPECT_FALSE(tasks_.knows(caller_, first, now_)) << "what was over has made room";
    EXPECT_FALSE(begin_as(caller_)) << "nothing else is over";
    EXPECT_TRUE(begin_as(other));
}

TEST_F(TasksTest, AreKeptForTheirTimeToLive) {
    const std::string id = begin();
    EXPECT_TRUE(tasks_.knows(caller_, id, now_ + Millis(59'999)));
    EXPECT_FALSE(tasks_.knows(caller_, id, now_ + Millis(60'000)));
}

TEST_F(TasksTest, AskThePluginNoSoonerThanItWantsAndOneAtATime) {
    const std::string id = begin();
    EXPECT_FALSE(tasks_.to_ask(id, now_ + Millis(499)));
    const auto question = tasks_.to_ask(id, now_ + Millis(500));
    ASSERT_TRUE(question);
    EXPECT_EQ(json::serialize(question->request), R"({"continuation":"c-1","client_capabilities":{}})");
    EXPECT_FALSE(tasks_.to_ask(id, now_ + Millis(600)));  // somebody is asking
    tasks_.answered(id, working("c-2"), now_ + Millis(600));
    EXPECT_EQ(json::text(tasks_.to_ask(id, now_ + Millis(1100))->request.at("continuation")), "c-2");
}

TEST_F(TasksTest, StayOpenUntilEveryQuestionIsAnswered) {
    const std::string id = begin();
    tasks_.to_ask(id, now_ + Millis(500));
    tasks_.answered(id, asking(R"({"a":{"method":"roots/list"},"b":{"method":"roots/list"}})", "c-2"), now_);
    tasks_.update(id, {{"a", json::Object{{"roots", json::Array()}}}, {"unknown", 1}}, now_);
    EXPECT_THAT(tasks_.describe(id), HasSubstr(R"("status":"input_required")"));
    EXPECT_THAT(tasks_.describe(id), HasSubstr(R"("inputRequests":{"b":{"method":"roots/list"}})"));

    tasks_.update(id, {{"b", json::Object{{"roots", json::Array()}}}}, now_);

    EXPECT_THAT(tasks_.describe(id), HasSubstr(R"("status":"working")"));
    EXPECT_EQ(json::serialize(tasks_.to_ask(id, now_)->request),
              R"({"continuation":"c-2","client_capabilities":{},"input_responses":{"a":{"roots":[]},"b":{"roots":[]}}})");
}

TEST_F(TasksTest, EndWithTheResultOrTheProtocolError) {
    const std::string done = begin(), failed = begin();
    tasks_.answered(done, ContentReply{.kind = ContentReply::Kind::result, .text = R"({"content":[],"isError":true})"}, now_);
    tasks_.answered(failed, ContentReply{.kind = ContentReply::Kind::error, .error_code = -32603, .error_message = "Broken."}, now_);
    EXPECT_THAT(tasks_.describe(done), HasSubstr(R"("status":"completed")"));
    EXPECT_THAT(tasks_.describe(done), HasSubstr(R"("result":{"content":[],"isError":true})"));
    EXPECT_THAT(tasks_.describe(failed), HasSubstr(R"("status":"failed")"));
    EXPECT_THAT(tasks_.describe(failed), HasSubstr(R"("error":{"code":-32603,"message":"Broken."})"));
}

TEST_F(TasksTest, StayCancelledWhateverThePluginSaysAfterwards) {
    const std::string id = begin();
    tasks_.to_ask(id, now_ + Millis(500));
    EXPECT_EQ(json::serialize(tasks_.cancel(id, now_)->request), R"({"continuation":"c-1"})");
    tasks_.answered(id, ContentReply{.kind = ContentReply::Kind::result, .text = "{}"}, now_);
    EXPECT_THAT(tasks_.describe(id), HasSubstr(R"("status":"cancelled")"));
    EXPECT_THAT(tasks_.describe(id), Not(HasSubstr("result")));
    EXPECT_FALSE(tasks_.cancel(id, now_));
}

TEST_F(TasksTest, TryAgainAfterAFailureThatMayPass) {
    const std::string id = begin();
    tasks_.to_ask(id, now_ + Millis(500));
    tasks_.answered(id, Error(Code::unavailable, "connector_unavailable", "Away.").retryable(), now_);
    EXPECT_THAT(tasks_.describe(id), HasSubstr(R"("status":"working")"));
    EXPECT_TRUE(tasks_.to_ask(id, now_ + Millis(1000)));
    tasks_.answered(id, Error(Code::internal, "plugin_error", "Broken."), now_);
    EXPECT_THAT(tasks_.describe(id), HasSubstr(R"("isError":true)"));
}

TEST_F(TasksTest, RefuseTooManyOfOneCaller) {
    for (int i = 0; i < 1'000; ++i) {
        begin();
    }
    EXPECT_FALSE(tasks_.begin({caller_, ConnectorKey("main"), "t", false, {}}, working("c"), now_));
}

}  // namespace
}  // namespace quell::mcp
