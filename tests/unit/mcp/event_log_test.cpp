// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/event_log.hpp"

#include <gtest/gtest.h>

namespace quell::mcp {
namespace {

std::string taken(http::Stream& stream) {
    bool ended = false;
    const std::string bytes = stream.take(ended);
    return bytes + (ended ? "end" : "");
}

class EventLogTest : public ::testing::Test {
  protected:
    std::shared_ptr<http::Stream> attach(EventLog& log, std::optional<std::uint64_t> after = {}) {
        auto stream = std::make_shared<http::Stream>();
        EXPECT_TRUE(log.attach(stream, after));
        return stream;
    }
};

TEST_F(EventLogTest, PrimesTheClientAndNumbersTheEvents) {
    EventLog log(4, true);
    const auto stream = attach(log);
    log.add("{}");
    log.finish("[]");
    EXPECT_EQ(taken(*stream), "retry: 500\n\nid: 4-0\ndata: \n\nid: 4-1\ndata: {}\n\nid: 4-2\ndata: []\n\nend");
}

TEST_F(EventLogTest, GivesAClientThatComesBackWhatItHasMissed) {
    EventLog log(4, true);
    const auto lost = attach(log);
    log.add("1");
    lost->leave();
    log.add("2");
    log.finish("3");
    EXPECT_EQ(taken(*attach(log, 1)), "id: 4-2\ndata: 2\n\nid: 4-3\ndata: 3\n\nend");
}

TEST_F(EventLogTest, TakesANewClientHoweverMuchIsGone) {
    EventLog log(0, true);
    for (int i = 0; i < 300; ++i) {
        log.add("x");
    }
    const std::string seen = taken(*attach(log));

    EXPECT_EQ(seen.find("retry: 500\n\nid: 0-44\ndata: \n\nid: 0-45\ndata: x\n\n"), 0U) << seen.substr(0, 80);
    EXPECT_NE(seen.find("id: 0-300\n"), std::string::npos);
    EXPECT_TRUE(log.attach(std::make_shared<http::Stream>(), 44)) << "it can be taken up again where it began";
}

TEST_F(EventLogTest, ServesOneConnectionAtATime) {
    EventLog log(4, false);
    const auto first = attach(log);
    const auto second = attach(log);
    log.add("1");
    EXPECT_EQ(taken(*first), "end");
    EXPECT_EQ(taken(*second), "id: 4-1\ndata: 1\n\n");
}

TEST_F(EventLogTest, LetsTheClientGoAndGoesOnWhenItIsBack) {
    EventLog log(4, true);
    const auto first = attach(log);
    static_cast<void>(taken(*first));
    log.let_go();
    EXPECT_EQ(taken(*first), "retry: 500\n\nend");
    log.finish("1");
    EXPECT_EQ(taken(*attach(log, 0)), "retry: 500\n\nid: 4-0\ndata: \n\nid: 4-1\ndata: 1\n\nend");
}

TEST_F(EventLogTest, ForgetsTheOldestAndSaysSo) {
    EventLog log(4, true);
    for (int i = 0; i < 300; ++i) {
        log.add("x");
    }
    EXPECT_FALSE(log.attach(std::make_shared<http::Stream>(), 1));
    EXPECT_FALSE(log.attach(std::make_shared<http::Stream>(), 301));
    EXPECT_EQ(taken(*attach(log, 299)), "id: 4-300\ndata: x\n\n");
}

}  // namespace
}  // namespace quell::mcp
