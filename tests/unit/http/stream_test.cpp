// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quell::http {
namespace {

struct CountingSink : StreamSink {
    void wake() override { ++woken; }
    int woken = 0;
};

std::string taken(Stream& stream) {
    bool ended = false;
    const std::string bytes = stream.take(ended);
    return bytes + (ended ? " end" : "");
}

TEST(Stream, KeepsWhatIsSentUntilTheConnectionTakesIt) {
    Stream stream;
    EXPECT_TRUE(stream.send("a"));
    const auto sink = std::make_shared<CountingSink>();
    stream.attach(sink);
    EXPECT_TRUE(stream.send("b"));
    EXPECT_EQ(sink->woken, 1);
    EXPECT_EQ(taken(stream), "ab");
    stream.end();
    EXPECT_EQ(taken(stream), " end");
    EXPECT_FALSE(stream.send("c"));
}

TEST(Stream, TellsItsMakerOnceThatTheClientHasLeft) {
    Stream stream;
    int gone = 0;
    stream.on_gone([&] { ++gone; });
    stream.leave();
    stream.leave();
    EXPECT_EQ(gone, 1);
    EXPECT_TRUE(stream.is_over());

    stream.on_gone([&] { ++gone; });  // too late to be missed
    EXPECT_EQ(gone, 2);
}

TEST(Stream, DoesNotCallItGoneAfterItsEnd) {
    Stream stream;
    int gone = 0;
    stream.on_gone([&] { ++gone; });
    stream.end();
    stream.leave();
    EXPECT_EQ(gone, 0);
}

TEST(Stream, DropsAClientThatDoesNotRead) {
    Stream stream;
    int gone = 0;
    stream.on_gone([&] { ++gone; });
    const std::string half(Stream::kMostWaiting / 2 + 1, 'x');
    EXPECT_TRUE(stream.send(half));
    EXPECT_FALSE(stream.send(half));
    EXPECT_EQ(gone, 1);
    EXPECT_EQ(taken(stream), " end");
}

TEST(Stream, AsksItsMakerToEndWhenTheHostStops) {
    Stream stream;
    stream.on_drain([&] {
        stream.send("bye");
        stream.end();
    });
    stream.drain();
    EXPECT_EQ(taken(stream), "bye end");
}

}  // namespace
}  // namespace quell::http
