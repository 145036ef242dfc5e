// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quell/detail/base64.hpp>
#include <quell/testing/fake_host.hpp>

namespace quell {
namespace {

using ::testing::IsEmpty;

class PeopleTrampoline : public ::testing::Test {
  protected:
    void TearDown() override { EXPECT_THAT(host_.problems(), IsEmpty()); }

    testing::Answer handle(std::string_view headers, std::string_view body) {
        return plugin_->call("inbound_event/1", "handle",
                             R"({"method":"POST","query":"","headers":)" + std::string(headers) +
                                 R"(,"body_base64":")" + std::string(body) +
                                 R"(","received_at":"2026-01-01T00:00:00Z"})");
    }

    testing::FakeHost host_;
    std::unique_ptr<testing::PluginInstance> plugin_ =
        host_.create(quell_plugin_entry, R"({"mood":"good"})");
};

TEST_F(PeopleTrampoline, CarriesAChallenge) {
    const auto sent = plugin_->call("challenge_channel/1", "send",
                                    R"({"challenge_id":"c","target":{"email":"a@b"},"requester":{"label":"Bob"},
        "context":"why","number_match":true,"expires_at":"2026-01-01T00:00:00Z"})");

    EXPECT_EQ(sent.reply.at("message"), "c Bob why # 2026-01-01T00:00:00.000Z");
    EXPECT_EQ(sent.reply.at("target_user_id"), "a@b");
    EXPECT_EQ(sent.reply.at("requester_user_id"), nullptr);
}

TEST_F(PeopleTrampoline, RefusesAChallengeOfNobody) {
    EXPECT_EQ(plugin_->call("challenge_channel/1", "send",
                            R"({"challenge_id":"c","target":{},"requester":{"label":"Bob"},
        "expires_at":"2026-01-01T00:00:00Z"})")
                  .status(),
              Status::invalid_argument);
}

TEST_F(PeopleTrampoline, CarriesTheEndOfAChallenge) {
    const auto update = [this](std::string_view state) {
        return plugin_->call("challenge_channel/1", "update",
                             R"({"challenge_id":"c","message":"m","requester":{"label":"Bob"},"state":")" +
                                 std::string(state) + "\"}");
    };
    EXPECT_EQ(update("incident_reported").reply, nlohmann::json::object());
    EXPECT_EQ(update("verified").status(), Status::not_found);
    EXPECT_EQ(update("finished").status(), Status::invalid_argument);
}

TEST_F(PeopleTrampoline, CarriesAWithdrawal) {
    const auto cancel = [this](std::string_view message) {
        return plugin_->call("challenge_channel/1", "cancel",
                             R"({"challenge_id":"c","message":")" + std::string(message) + "\"}");
    };
    EXPECT_TRUE(cancel("m").ok());
    EXPECT_EQ(cancel("gone").status(), Status::not_found);
}

TEST_F(PeopleTrampoline, CarriesAnInboundRequestAndItsEvents) {
    const auto reply = handle(R"([{"name":"x-signature","value":"s"}])", "YQBi").reply;

    EXPECT_EQ(reply.at("response").at("body"), "s");
    const nlohmann::json& events = reply.at("events");
    EXPECT_EQ(events[0]["challenge_id"], std::string("a\0b", 3));
    EXPECT_EQ(events[0]["answer"], "incident_reported");
    EXPECT_EQ(events[1]["target"]["email"], "a@b");
    EXPECT_EQ(events[2]["decision"], "deny");
    EXPECT_EQ(events[2]["provider_user_id"], "U3");
}

// Two headers of a name that should stand once are two readings of one request.
TEST_F(PeopleTrampoline, DoesNotChooseBetweenTwoHeadersOfAName) {
    EXPECT_EQ(handle(R"([{"name":"X-Signature","value":"a"},{"name":"x-signature","value":"b"}])", "")
                  .reply.at("response")
                  .at("body"),
              "none");
}

TEST_F(PeopleTrampoline, RefusesABodyThatIsNotBase64) {
    EXPECT_EQ(handle("[]", "YQ").status(), Status::invalid_argument);
    EXPECT_EQ(handle("[]", "YQ*=").status(), Status::invalid_argument);
}

TEST_F(PeopleTrampoline, CarriesANotification) {
    EXPECT_EQ(plugin_->call("notification_channel/1", "notify",
                            R"({"recipient":{"channel":"#soc"},"title":"t","text":"x","approval_id":"appr_1",
        "fields":[{"name":"n","value":"v"}]})")
                  .reply.at("message"),
              "#soctvappr_1");
}

TEST_F(PeopleTrampoline, CarriesALookupOfAUser) {
    const auto find = [this](std::string_view request) {
        return plugin_->call("identity_lookup/1", "find_user", request);
    };
    EXPECT_EQ(find(R"({"email":"a@b"})").reply.at("users")[0]["email"], "a@b");
    EXPECT_EQ(find("{}").status(), Status::invalid_argument);
}

TEST(Base64, IsReadStrictly) {
    EXPECT_EQ(detail::base64_decoded(""), "");
    EXPECT_EQ(detail::base64_decoded("Zm9vYg=="), "foob");
    EXPECT_EQ(detail::base64_decoded("Zm9vYmE="), "fooba");
    EXPECT_EQ(detail::base64_decoded("Zm9vYmFy"), "foobar");
    for (const std::string_view bad : {"Zg", "Zg=", "Zg===", "Z=g=", "Zm9_", "Zm 9"})
        EXPECT_EQ(detail::base64_decoded(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace quell
