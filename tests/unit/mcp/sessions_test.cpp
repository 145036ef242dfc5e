// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/sessions.hpp"

#include <gtest/gtest.h>

namespace quell::mcp {
namespace {

identity::Principal principal(const std::string& id, const std::string& tenant = "acme", const std::string& client = "c") {
    return {TenantId(tenant), id, id, ClientId(client), {}};
}

class SessionsTest : public ::testing::Test {
  protected:
    std::shared_ptr<Session> open(std::string version = "2025-11-25") {
        return sessions_.open(principal("user:1"), std::move(version), {});
    }
    std::shared_ptr<Session> open_for(const std::string& user) { return sessions_.open(principal(user), "2025-11-25", {}); }
    Sessions sessions_;
};

// MC-04
TEST_F(SessionsTest, AreFoundByTheirOwnerAlone) {
    const auto session = open();
    EXPECT_EQ(sessions_.find(session->id(), principal("user:1")), session);
    EXPECT_EQ(sessions_.find(session->id(), principal("user:2")), nullptr);
    EXPECT_EQ(sessions_.find(session->id(), principal("user:1", "other")), nullptr);
    EXPECT_EQ(sessions_.find(session->id(), principal("user:1", "acme", "another client")), nullptr);
    EXPECT_EQ(sessions_.find(std::string(43, 'A'), principal("user:1")), nullptr);
    EXPECT_EQ(sessions_.find("", principal("user:1")), nullptr);
}

TEST_F(SessionsTest, AreGoneWhenTheyEnd) {
    const auto session = open();
    std::optional<std::string> answer = "none yet";
    const std::string question = session->note_question([&](auto result) { answer = std::move(result); });
    std::stop_source call;
    session->note_call("1", call);

    sessions_.end(session);

    EXPECT_EQ(sessions_.find(session->id(), principal("user:1")), nullptr);
    EXPECT_EQ(answer, std::nullopt);
    EXPECT_TRUE(call.stop_requested());
    EXPECT_FALSE(session->take_answer(question, "{}"));
}

TEST_F(SessionsTest, MakeRoomForNewOnes) {
    for (int i = 0; i < 21'000; ++i) {
        open_for("user:" + std::to_string(2 + i % 30));
    }
    EXPECT_LE(sessions_.count(), 20'000U);
    EXPECT_GT(sessions_.count(), 19'000U);
    EXPECT_NE(sessions_.find(open()->id(), principal("user:1")), nullptr);
}

TEST_F(SessionsTest, OfOneOwnerTakeNobodyElsesPlace) {
    const auto others = open_for("user:2");
    const auto first = open();
    for (std::size_t i = 0; i < 3 * Sessions::kMostOfOne; ++i) {
        open();
    }

    EXPECT_EQ(sessions_.count(), Sessions::kMostOfOne + 1);
    EXPECT_EQ(sessions_.find(others->id(), principal("user:2")), others);
    EXPECT_EQ(sessions_.find(first->id(), principal("user:1")), nullptr);
}

TEST_F(SessionsTest, GiveTheirPlaceBackWhenTheyEnd) {
    const auto kept = open();
    for (std::size_t i = 0; i < 3 * Sessions::kMostOfOne; ++i) {
        sessions_.end(open());
    }

    EXPECT_EQ(sessions_.find(kept->id(), principal("user:1")), kept);
}

TEST_F(SessionsTest, KeepNoMoreThanSixtyFourKilobytesOfSubscriptions) {
    const auto session = open();
    const auto uri = [](int number) { return std::to_string(number) + std::string(4095, 'x').substr(std::to_string(number).size()); };
    for (int i = 0; i < 16; ++i) {
        EXPECT_TRUE(session->subscribe(uri(i)));
    }
    EXPECT_TRUE(session->subscribe(uri(0)));  // it is there
    EXPECT_FALSE(session->subscribe(uri(16)));

    session->unsubscribe(uri(3));
    session->unsubscribe(uri(3));

    EXPECT_TRUE(session->subscribe(uri(16)));
    EXPECT_FALSE(session->subscribe(uri(17)));
}

TEST_F(SessionsTest, TakeEachAnswerOnce) {
    const auto session = open();
    int answers = 0;
    const std::string question = session->note_question([&](auto) { ++answers; });
    EXPECT_FALSE(session->take_answer("\"unknown\"", "{}"));
    EXPECT_TRUE(session->take_answer(question, "{}"));
    EXPECT_FALSE(session->take_answer(question, "{}"));
    EXPECT_EQ(answers, 1);
}

TEST_F(SessionsTest, CancelTheCallThatTheClientNames) {
    const auto session = open();
    std::stop_source first, second;
    session->note_call("1", first);
    session->note_call("\"1\"", second);
    session->cancel_call("\"1\"");
    session->cancel_call("2");
    EXPECT_FALSE(first.stop_requested());
    EXPECT_TRUE(second.stop_requested());
}

TEST_F(SessionsTest, ResumeStreamsOnlyInTheNewestOfTheirVersions) {
    EXPECT_TRUE(open()->can_resume());
    EXPECT_FALSE(open("2025-06-18")->can_resume());
}

TEST_F(SessionsTest, KeepAFewStreamsAtOnce) {
    const auto session = open();
    for (int i = 0; i < 64; ++i) {
        ASSERT_NE(session->open_stream(), nullptr);
    }
    EXPECT_EQ(session->open_stream(), nullptr);
    session->find_stream(1)->finish("{}");
    EXPECT_NE(session->open_stream(), nullptr);
}

}  // namespace
}  // namespace quell::mcp
