// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "notifications/courier.hpp"

#include <atomic>
#include <future>

#include "notifications/outbox_rig.hpp"

namespace quell::notifications {
namespace {

using ::testing::ElementsAre;
using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using End = Delivery::End;

// Ends attempts as told; the last answer goes on.
class FakeSender : public Sender {
  public:
    Delivery send(const store::NotificationRow& row, const config::Settings&, const std::stop_token& stop) override {
        std::unique_lock lock(mutex_);
        seen_.push_back(row.id);
        changed_.notify_all();
        changed_.wait(lock, stop, [&] { return held_ != row.destination; });
        if (stop.stop_requested()) {
            return {End::retry, "stopped"};
        }
        const Delivery answer = answers_.front();
        if (answers_.size() > 1) {
            answers_.erase(answers_.begin());
        }
        return answer;
    }
    void answer(std::vector<Delivery> answers) {
        const std::lock_guard lock(mutex_);
        answers_ = std::move(answers);
    }
    void hold(std::string destination) {
        const std::lock_guard lock(mutex_);
        held_ = std::move(destination);
        changed_.notify_all();
    }
    // Returns once there were that many attempts.
    std::vector<std::string> wait_for(std::size_t attempts) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(60), [&] { return seen_.size() >= attempts; });
        return seen_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::vector<Delivery> answers_{Delivery{}};
    std::vector<std::string> seen_;
    std::string held_;
};

class CourierTest : public OutboxRig {
  protected:
    std::unique_ptr<Courier> courier(Schedule schedule = Schedule({Millis(0), Millis(0)})) {
        auto made = std::make_unique<Courier>(
            Courier::Dependencies{.store = *store_, .trail = trail_, .metrics = metrics_, .settings = [this] { return settings_; },
                                  .now = [this] { return from_unix_millis(clock_); }, .schedule = std::move(schedule), .look_every = Millis(1)},
            Courier::Senders{{"callback", sender_}});
        must(made->start());
        return made;
    }
    // Waits until no message is left in that state.
    std::vector<store::NotificationRow> settled() {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (!rows("pending").empty() && std::chrono::steady_clock::now() < end) {
            std::this_thread::yield();
        }
        return rows();
    }
    static Callback to(std::string url) {
        Callback callback = OutboxRig::callback();
        callback.url = std::move(url);
        return callback;
    }

    std::atomic<std::int64_t> clock_ = unix_millis(now_);
    metrics::Registry metrics_;
    std::shared_ptr<FakeSender> sender_ = std::make_shared<FakeSender>();
};

TEST_F(CourierTest, DeliversAndSaysSo) {
    add(callback());
    const auto running = courier();

    EXPECT_EQ(settled().front().state, "delivered");
    EXPECT_EQ(rows().front().attempts, 1);
    EXPECT_THAT(audited("notification_delivered"), ElementsAre("ok"));
}

// SS-05: the same id on every attempt
TEST_F(CourierTest, TriesAgainWithTheSameId) {
    sender_->answer({{End::retry, "500"}, {End::retry, "500"}, {}});
    add(callback());
    const auto running = courier();

    const auto row = settled().front();
    EXPECT_EQ(row.state, "delivered");
    EXPECT_EQ(row.attempts, 3);
    EXPECT_THAT(sender_->wait_for(3), Each(row.id));
    EXPECT_THAT(audited("notification_failed"), IsEmpty());
}

TEST_F(CourierTest, GivesUpAfterTheLastStep) {
    sender_->answer({{End::retry, "The receiver answered 500."}});
    add(callback());
    const auto running = courier();

    const auto row = settled().front();
    EXPECT_EQ(row.state, "failed");
    EXPECT_EQ(row.attempts, 3);
    EXPECT_EQ(row.last_error, "The receiver answered 500.");
    EXPECT_THAT(audited("notification_failed"), ElementsAre("gave_up"));
}

// SS-05
TEST_F(CourierTest, StopsAtGoneWithAllThatWaitsForTheSameReceiver) {
    sender_->answer({{End::gone, "The receiver answered 410."}});
    add(callback());
    add(callback());
    add(to("https://other.example/hook"));
    sender_->hold("https://other.example/hook");
    const auto running = courier();
    sender_->wait_for(2);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (rows("failed").size() < 2 && std::chrono::steady_clock::now() < end) {
        std::this_thread::yield();
    }

    EXPECT_THAT(sender_->wait_for(2), SizeIs(2));  // one to each receiver
    EXPECT_THAT(rows("failed"), SizeIs(2));
    sender_->answer({Delivery{}});
    sender_->hold("");
    EXPECT_THAT(audited("notification_failed"), ElementsAre("gone"));
    EXPECT_EQ(settled().front().state, "delivered");
}

TEST_F(CourierTest, WaitsForTheStepAndForWhatTheReceiverAsks) {
    sender_->answer({{End::retry, "429", std::chrono::seconds(60)}, {}});
    add(callback());
    const auto running = courier(Schedule({Millis(5'000), Millis(600'000)}));
    sender_->wait_for(1);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!rows().front().last_error && std::chrono::steady_clock::now() < end) {
        std::this_thread::yield();
    }

    EXPECT_EQ(rows().front().next_at, now_ + std::chrono::seconds(60));
    clock_ += 59'999;
    add(to("https://other.example/hook"));  // when this has gone out, the first was looked at too
    sender_->wait_for(2);
    EXPECT_EQ(rows("pending").size() + rows("delivered").size(), 2U);
    EXPECT_EQ(rows().back().attempts, 1);
    clock_ += 1;
    EXPECT_THAT(settled(), SizeIs(2));
    EXPECT_EQ(rows().back().attempts, 2);
}

// SS-06
TEST_F(CourierTest, LetsASlowReceiverHoldUpNobodyElse) {
    for (int n = 0; n < 20; ++n) {
        add(to("https://slow.example/hook"));
    }
    add(to("https://quick.example/hook"));
    sender_->hold("https://slow.example/hook");
    const auto running = courier();
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (rows("delivered").empty() && std::chrono::steady_clock::now() < end) {
        std::this_thread::yield();
    }

    EXPECT_EQ(rows("delivered").front().destination, "https://quick.example/hook");
    EXPECT_THAT(rows("pending"), SizeIs(20));
    sender_->hold("");
    settled();
    EXPECT_THAT(rows("delivered"), SizeIs(21));
}

TEST_F(CourierTest, TakesUpWhatAnEarlierProcessLeft) {
    add(callback());
    sender_->hold(callback().url);
    auto running = courier();
    sender_->wait_for(1);
    running->stop();
    EXPECT_EQ(rows("pending").front().attempts, 0);  // what it broke off does not count

    // One that was killed leaves its claim and the attempt that it counted.
    store_.write([&](store::Transaction& transaction) {
        return store::claim_notification(transaction, rows().front().id, now_, now_ + std::chrono::hours(1));
    });
    sender_->hold("");
    running = courier();
    EXPECT_EQ(settled().front().state, "delivered");
    EXPECT_EQ(rows().front().attempts, 2);
}

TEST_F(CourierTest, GivesUpWhereNobodyServesTheChannel) {
    turn_on(channels().slack);
    add(message());
    const auto running = courier();

    EXPECT_EQ(settled().front().state, "failed");
}

TEST(Schedule, TakesTheStepsOfTheStandardAndThenEnds) {
    const Schedule schedule;

    EXPECT_EQ(schedule.wait_after(1, {}), Millis(5'000));
    EXPECT_EQ(schedule.wait_after(2, {}), std::chrono::minutes(5));
    EXPECT_EQ(schedule.wait_after(7, {}), std::chrono::hours(10));
    EXPECT_EQ(schedule.wait_after(8, {}), std::nullopt);
    EXPECT_EQ(schedule.wait_after(1, std::chrono::minutes(1)), std::chrono::minutes(1));
    EXPECT_EQ(schedule.wait_after(2, Millis(1)), std::chrono::minutes(5));
    EXPECT_EQ(schedule.wait_after(1, std::chrono::hours(1'000)), std::chrono::hours(10));
}

}  // namespace
}  // namespace quell::notifications
