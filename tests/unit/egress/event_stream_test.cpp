// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/event_stream.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace quell::egress {
namespace {

using ::testing::ElementsAre;

struct Given {
    std::vector<std::string> events;
    EventStream stream{[this](std::string_view data) { events.emplace_back(data); }};
};

TEST(EventStream, HandsOverEachEventAsItEnds) {
    Given given;

    EXPECT_TRUE(given.stream.feed("data: {\"a\""));
    EXPECT_TRUE(given.events.empty());
    EXPECT_TRUE(given.stream.feed(":1}\n\ndata:two\r\n\r\ndata: three\r\r"));

    EXPECT_THAT(given.events, ElementsAre("{\"a\":1}", "two", "three"));
}

TEST(EventStream, JoinsTheLinesOfAnEvent) {
    Given given;

    given.stream.feed("event: message\ndata: {\ndata: }\n: a comment\n\n");

    EXPECT_THAT(given.events, ElementsAre("{\n}"));
}

TEST(EventStream, KeepsTheIdOfAnEventWithoutData) {
    Given given;

    given.stream.feed("id: s1/0\ndata:\nretry: 1500\n\n");
    EXPECT_EQ(given.stream.last_id(), "s1/0");
    EXPECT_EQ(given.stream.retry(), std::chrono::milliseconds(1500));
    EXPECT_TRUE(given.events.empty());

    given.stream.feed("id: s1/1\ndata: x\n");
    EXPECT_EQ(given.stream.last_id(), "s1/0");
    given.stream.feed("\n");
    EXPECT_EQ(given.stream.last_id(), "s1/1");
}

TEST(EventStream, IgnoresWhatItDoesNotKnow) {
    Given given;

    given.stream.feed("\xEF\xBB\xBF" "data: x\nretry: soon\nretry: -1\nunknown: y\nnonsense\n\n\n\n");

    EXPECT_THAT(given.events, ElementsAre("x"));
    EXPECT_FALSE(given.stream.retry());
}

TEST(EventStream, RefusesAnEventWithoutEnd) {
    Given given;
    const std::string part(std::size_t{1} << 20, 'x');
    bool taken = given.stream.feed("data: ");
    for (int i = 0; i < 17; ++i) {
        taken = taken && given.stream.feed(part);
    }

    EXPECT_FALSE(taken);
    EXPECT_FALSE(given.stream.feed("\n\n"));
    EXPECT_TRUE(given.events.empty());
}

}  // namespace
}  // namespace quell::egress
