// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/subscriptions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/parse.hpp"

namespace quell::mcp {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

std::string taken(http::Stream& stream) {
    bool ended = false;
    const std::string bytes = stream.take(ended);
    return bytes + (ended ? "end" : "");
}

class SubscriptionsTest : public ::testing::Test {
  protected:
    std::shared_ptr<http::Stream> listen(std::string_view filter, const std::string& tenant = "acme") {
        const identity::Principal caller{TenantId(tenant), "user:1", "a", ClientId("c"), {identity::Scope::challenges_read}};
        return subscriptions_.listen(caller, "\"s-1\"", json::parse(filter).value().get_object()).value();
    }
    Sessions sessions_;
    Subscriptions subscriptions_{sessions_, R"({"name":"quell"})"};
};

TEST_F(SubscriptionsTest, AcknowledgeFirstWhatTheyHonour) {
    const std::string first = taken(*listen(R"({"toolsListChanged":true,"promptsListChanged":false,"unheardOf":true})"));
    EXPECT_EQ(first,
              "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\",\"params\":{\"_meta\":"
              "{\"io.modelcontextprotocol/subscriptionId\":\"s-1\"},\"notifications\":{\"toolsListChanged\":true}}}\n\n");
}

TEST_F(SubscriptionsTest, TakeNoMoreThanSixtyFourKilobytesOfResources) {
    const identity::Principal caller{TenantId("acme"), "user:1", "a", ClientId("c"), {}};
    const auto taken_of = [&](std::size_t bytes) {
        const std::string filter = R"({"resourceSubscriptions":[")" + std::string(bytes, 'x') + R"("]})";
        return subscriptions_.listen(caller, "1", json::parse(filter).value().get_object()).has_value();
    };

    EXPECT_TRUE(taken_of(64 * 1024));
    EXPECT_FALSE(taken_of(64 * 1024 + 1));
    EXPECT_FALSE(subscriptions_.listen(caller, "1", json::parse(R"({"resourceSubscriptions":[1]})").value().get_object()));
}

TEST_F(SubscriptionsTest, TellOnlyWhatWasAskedForAndTagIt) {
    const auto tools = listen(R"({"toolsListChanged":true})"), prompts = listen(R"({"promptsListChanged":true})");
    const auto resource = listen(R"({"resourceSubscriptions":["test://a"]})");
    for (const auto& stream : {tools, prompts, resource}) {
        static_cast<void>(taken(*stream));
    }
    subscriptions_.changed(TenantId("acme"), std::nullopt, Change::tools);
    subscriptions_.changed(TenantId("acme"), std::nullopt, Change::resource, "test://b");
    subscriptions_.changed(TenantId("acme"), std::nullopt, Change::resource, "test://a");

    EXPECT_THAT(taken(*tools), HasSubstr(R"("method":"notifications/tools/list_changed","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":"s-1"}})"));
    EXPECT_THAT(taken(*prompts), IsEmpty());
    const std::string updated = taken(*resource);
    EXPECT_THAT(updated, HasSubstr(R"("uri":"test://a")"));
    EXPECT_THAT(updated, Not(HasSubstr("test://b")));
}

TEST_F(SubscriptionsTest, StayWithinTheTenantAndTheScope) {
    const auto other = listen(R"({"toolsListChanged":true})", "other"), own = listen(R"({"toolsListChanged":true})");
    static_cast<void>(taken(*other));
    static_cast<void>(taken(*own));
    subscriptions_.changed(TenantId("acme"), identity::Scope::devices_contain, Change::tools);
    EXPECT_THAT(taken(*own), IsEmpty());
    EXPECT_THAT(taken(*other), IsEmpty());
}

TEST_F(SubscriptionsTest, AreForgottenWhenTheClientLeaves) {
    const auto stream = listen(R"({"toolsListChanged":true})");
    EXPECT_EQ(subscriptions_.listeners(), 1U);
    stream->leave();
    EXPECT_EQ(subscriptions_.listeners(), 0U);
}

TEST_F(SubscriptionsTest, EndWithAResultWhenTheHostStops) {
    const auto stream = listen(R"({"toolsListChanged":true})");
    static_cast<void>(taken(*stream));
    stream->drain();
    const std::string last = taken(*stream);
    EXPECT_THAT(last, StartsWith(R"(data: {"jsonrpc":"2.0","id":"s-1","result":{"resultType":"complete")"));
    EXPECT_THAT(last, ::testing::EndsWith("\n\nend"));
}

TEST_F(SubscriptionsTest, ReachTheSessionsOfTheOlderEra) {
    const auto session = sessions_.open({TenantId("acme"), "user:1", "a", ClientId("c"), {}}, "2025-06-18", {});
    session->subscribe("test://a");
    const auto stream = std::make_shared<http::Stream>();
    session->standalone().attach(stream);
    subscriptions_.changed(TenantId("acme"), std::nullopt, Change::resource, "test://b");
    subscriptions_.changed(TenantId("acme"), std::nullopt, Change::resource, "test://a");
    subscriptions_.changed(TenantId("acme"), std::nullopt, Change::prompts);
    EXPECT_EQ(taken(*stream),
              "id: 0-1\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"test://a\"}}\n\n"
              "id: 0-2\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/prompts/list_changed\",\"params\":{}}\n\n");
}

}  // namespace
}  // namespace quell::mcp
