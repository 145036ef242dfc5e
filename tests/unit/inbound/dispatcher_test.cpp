// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "inbound/dispatcher.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <condition_variable>
#include <deque>
#include <future>
#include <thread>

#include "store/scratch_store.hpp"

namespace quell::inbound {
namespace {

using store::must;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kReport =
    R"({"type":"challenge_answered","event_id":"e-1","provider_user_id":"U1","challenge_id":"c-1","answer":"incident_reported"})";

const Error kDown = Error(Code::unavailable, "connector_unavailable", "down").retryable();
const Error kNotTheTarget{Code::permission_denied, "not_the_target", "no"};

// Acts as it is told to, and remembers on what.
class Actor {
  public:
    base::Task<void> act(store::InboundEventName name, plugins::InboundEvent event) {
        const std::lock_guard lock(mutex_);
        acted_.push_back(name.connector.str() + " " + name.event_id + " by " + event.provider_user_id);
        Result<void> answer;
        if (!answers_.empty()) {
            answer = answers_.front();
            answers_.pop_front();
        }
        changed_.notify_all();
        co_return answer;
    }
    void will_answer(Error error) { answers_.emplace_back(std::move(error)); }
    std::vector<std::string> acted() const {
        const std::lock_guard lock(mutex_);
        return acted_;
    }
    void wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return acted_.size() >= count; });
    }

  private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> acted_;
    std::deque<Result<void>> answers_;
};

class DispatcherTest : public testing::Test {
  protected:
    ~DispatcherTest() override {
        dispatcher_.stop();
        work_.reset();
        thread_.join();
    }

    template <class T>
    Result<T> run(base::Task<T> task) {
        std::promise<Result<T>> promise;
        boost::asio::co_spawn(io_, std::move(task), [&](std::exception_ptr, Result<T> result) { promise.set_value(std::move(result)); });
        return promise.get_future().get();
    }
    void keep(const std::string& event_id, std::string_view text = kReport) {
        must(run(dispatcher_.keep(TenantId("acme"), ConnectorKey("slack"), {{event_id, std::string(text)}})));
    }
    void round() { must(run(dispatcher_.round())); }
    // Everything that was spawned has settled: nothing is due for three minutes, or at all.
    std::int64_t unfinished() { return store_.number("SELECT count(*) FROM inbound_events WHERE due_at IS NOT NULL"); }

    store::ScratchStore store_;
    std::atomic<std::int64_t> now_{1'795'000'000'000};
    Actor actor_;
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
    std::thread thread_{[this] { io_.run(); }};
    Dispatcher dispatcher_{*store_, [this](auto name, auto event) { return actor_.act(std::move(name), std::move(event)); },
                           io_.get_executor(), [this] { return from_unix_millis(now_.load()); }};
};

TEST_F(DispatcherTest, ActsOnceOnAnEventThatComesTwice) {
    keep("e-1");
    actor_.wait_for(1);
    keep("e-1");
    keep("e-2");
    actor_.wait_for(2);
    dispatcher_.stop();

    EXPECT_THAT(actor_.acted(), ElementsAre("slack e-1 by U1", "slack e-2 by U1"));
}

TEST_F(DispatcherTest, TriesAgainLaterWhatMayPassByItself) {
    actor_.will_answer(kDown);
    keep("e-1");
    actor_.wait_for(1);
    dispatcher_.stop();

    round();
    EXPECT_EQ(actor_.acted().size(), 1U);
    now_ += 10'000;
    round();

    EXPECT_EQ(actor_.acted().size(), 2U);
    EXPECT_EQ(unfinished(), 0);
}

TEST_F(DispatcherTest, LeavesWhatWasRefused) {
    actor_.will_answer(kNotTheTarget);
    keep("e-1");
    actor_.wait_for(1);
    dispatcher_.stop();

    now_ += 3'600'000;
    round();

    EXPECT_EQ(actor_.acted().size(), 1U);
    EXPECT_EQ(unfinished(), 0);
}

TEST_F(DispatcherTest, GivesUpAtLast) {
    for (int attempt = 0; attempt < 20; ++attempt) {
        actor_.will_answer(kDown);
    }
    keep("e-1");
    actor_.wait_for(1);
    dispatcher_.stop();
    for (int rounds = 0; rounds < 20; ++rounds) {
        now_ += 24 * 3'600'000;
        round();
    }

    EXPECT_EQ(actor_.acted().size(), 9U);
    EXPECT_EQ(unfinished(), 0);
}

// A process ended between keeping and acting.
TEST_F(DispatcherTest, TakesUpWhatAnEarlierProcessLeft) {
    store_.run("INSERT INTO inbound_events (tenant, connector, event_id, document, received_at, due_at, attempts) VALUES ('acme', 'slack', 'e-7', '" +
               std::string(kReport) + "', 1, 1795000100000, 1)");
    round();
    EXPECT_THAT(actor_.acted(), IsEmpty());

    must(dispatcher_.start());
    actor_.wait_for(1);

    EXPECT_THAT(actor_.acted(), ElementsAre("slack e-7 by U1"));
}

TEST_F(DispatcherTest, ForgetsWhatPeopleWroteOnceItIsDone) {
    keep("e-1");
    actor_.wait_for(1);
    dispatcher_.stop();

    EXPECT_EQ(store_.number("SELECT count(*) FROM inbound_events WHERE document = ''"), 1);
    const auto forget = [this](store::Transaction& transaction) { return dispatcher_.forget(transaction, 10); };
    EXPECT_EQ(store_.write(forget), 0);
    now_ += 25 * 3'600'000;
    EXPECT_EQ(store_.write(forget), 1);
}

}  // namespace
}  // namespace quell::inbound
