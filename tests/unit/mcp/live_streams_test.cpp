// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/live_streams.hpp"

#include <gtest/gtest.h>

namespace quell::mcp {
namespace {

using std::chrono::seconds;

class LiveStreamsTest : public ::testing::Test {
  protected:
    const Owner owner_{TenantId("acme"), "user:1", ClientId("c")};
    std::uint64_t mark_ = 1;
    LiveStreams streams_{[this] { return mark_; }};
    std::chrono::steady_clock::time_point now_ = std::chrono::steady_clock::now();
};

// OA-21
TEST_F(LiveStreamsTest, DropStreamsWhoseTokenWasRevoked) {
    const auto kept = std::make_shared<http::Stream>(), revoked = std::make_shared<http::Stream>();
    bool allowed = true;
    streams_.add(owner_, kept, [] { return true; });
    streams_.add(owner_, revoked, [&] { return allowed; });
    streams_.look(now_);
    EXPECT_FALSE(revoked->is_over());

    allowed = false;
    ++mark_;
    streams_.look(now_);

    EXPECT_TRUE(revoked->is_over());
    EXPECT_FALSE(kept->is_over());
}

TEST_F(LiveStreamsTest, LookAtExpiryNowAndThenWithoutARevocation) {
    const auto expired = std::make_shared<http::Stream>();
    bool allowed = true;
    streams_.add(owner_, expired, [&] { return allowed; });
    streams_.look(now_);
    allowed = false;
    streams_.look(now_ + seconds(9));
    EXPECT_FALSE(expired->is_over());
    streams_.look(now_ + seconds(10));
    EXPECT_TRUE(expired->is_over());
}

TEST_F(LiveStreamsTest, AreLimitedForEachOwner) {
    std::vector<std::shared_ptr<http::Stream>> held;
    while (streams_.has_room(owner_)) {
        held.push_back(std::make_shared<http::Stream>());
        streams_.add(owner_, held.back(), [] { return true; });
    }
    EXPECT_EQ(held.size(), LiveStreams::kMostOfOne);
    EXPECT_TRUE(streams_.has_room({TenantId("acme"), "user:2", ClientId("c")}));

    held.front()->end();

    EXPECT_TRUE(streams_.has_room(owner_));
}

TEST_F(LiveStreamsTest, LetOthersInWhileTheyAskWhatIsAllowed) {
    const auto stream = std::make_shared<http::Stream>(), late = std::make_shared<http::Stream>();
    streams_.add(owner_, stream, [&] {
        streams_.add(owner_, late, [] { return true; });  // as another thread would; must not wait
        return true;
    });

    streams_.look(now_);

    EXPECT_EQ(streams_.count(), 2U);
}

TEST_F(LiveStreamsTest, ForgetStreamsThatAreOver) {
    const auto ended = std::make_shared<http::Stream>();
    streams_.add(owner_, ended, [] { return true; });
    streams_.add(owner_, std::make_shared<http::Stream>(), [] { return true; });
    ended->end();
    streams_.look(now_);
    EXPECT_EQ(streams_.count(), 0U);
}

}  // namespace
}  // namespace quell::mcp
