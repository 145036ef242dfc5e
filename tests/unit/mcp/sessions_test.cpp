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
        open();
    }
    EXPECT_LE(sessions_.count(), 20'000U);
    EXPECT_NE(sessions_.find(open()->id(), principal("user:1")), nullptr);
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
