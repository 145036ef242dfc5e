// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/writer.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <future>
#include <thread>

#include "store/scratch_store.hpp"

namespace quell::store {
namespace {

Result<std::int64_t> insert(Transaction& transaction, int id) {
    return transaction.run("INSERT INTO t (id) VALUES (?)", id);
}

class WriterTest : public testing::Test {
  protected:
    WriterTest() { scratch_.run("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT) STRICT"); }

    // Holds the writer inside a group, so that all that is submitted meanwhile makes the next one.
    class Pause {
      public:
        explicit Pause(Store& store) {
            std::promise<void> entered;
            auto inside = entered.get_future();
            waiting_ = std::async(std::launch::async, [this, &store, &entered] {
                return store.write_and_wait<void>([&](Transaction&) -> Result<void> {
                    entered.set_value();
                    gate_.get_future().wait();
                    return {};
                });
            });
            inside.wait();
        }
        void end() {
            gate_.set_value();
            must(waiting_.get());
        }

      private:
        std::promise<void> gate_;
        std::future<Result<void>> waiting_;
    };

    std::int64_t rows() { return scratch_.number("SELECT count(*) FROM t"); }

    boost::asio::io_context contexts_[2];
    ScratchStore scratch_;  // goes before the contexts that it resumes
};

TEST_F(WriterTest, AnswersWithWhatTheWorkReturned) {
    const auto count = scratch_->write_and_wait<std::int64_t>([](Transaction& tx) { return insert(tx, 1); });

    EXPECT_EQ(must(count), 1);
    EXPECT_EQ(rows(), 1);
}

TEST_F(WriterTest, CommitsAllThatWaitsAsOneGroup) {
    Pause pause(*scratch_);
    const auto before = scratch_->counters();
    for (int i = 0; i < 64; ++i) {
        must(scratch_->write_later([i](Transaction& tx) -> Result<void> {
            TRY_VOID(insert(tx, i));
            return {};
        }));
    }
    pause.end();
    scratch_.write([](Transaction& tx) { return insert(tx, 1'000); });

    EXPECT_EQ(rows(), 65);
    EXPECT_LE(scratch_->counters().groups - before.groups, 3U);
}

TEST_F(WriterTest, UndoesAFailedJobAndNoOther) {
    Pause pause(*scratch_);
    std::vector<std::future<Result<std::int64_t>>> answers;
    for (int i = 0; i < 10; ++i) {
        answers.push_back(std::async(std::launch::async, [this, i] {
            return scratch_->write_and_wait<std::int64_t>([i](Transaction& tx) -> Result<std::int64_t> {
                TRY_VOID(insert(tx, i));
                if (i % 2 == 1) {
                    return invalid_arguments("odd");
                }
                return i;
            });
        }));
    }
    pause.end();

    for (int i = 0; i < 10; ++i) {
        const auto answer = answers[static_cast<std::size_t>(i)].get();
        EXPECT_EQ(answer.has_value(), i % 2 == 0) << i;
    }
    EXPECT_EQ(scratch_.number("SELECT sum(id % 2) FROM t"), 0);
    EXPECT_EQ(rows(), 5);
}

TEST_F(WriterTest, TurnsAThrownExceptionIntoAnError) {
    const auto answer = scratch_->write_and_wait<void>([](Transaction& tx) -> Result<void> {
        TRY_VOID(insert(tx, 1));
        throw std::runtime_error("secret");
    });

    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error()->key, "internal_error");
    EXPECT_THAT(answer.error()->message, testing::Not(testing::HasSubstr("secret")));
    EXPECT_EQ(rows(), 0);
}

TEST_F(WriterTest, TellsATakenRowFromAMissingParent) {
    scratch_.run("CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES t) STRICT");
    scratch_.write([](Transaction& tx) { return insert(tx, 1); });

    const auto taken = scratch_->write_and_wait<std::int64_t>([](Transaction& tx) { return insert(tx, 1); });
    const auto orphan = scratch_->write_and_wait<std::int64_t>(
        [](Transaction& tx) { return tx.run("INSERT INTO child (parent) VALUES (9)"); });

    EXPECT_EQ(taken.error()->code, Code::already_exists);
    EXPECT_EQ(orphan.error()->code, Code::failed_precondition);
    EXPECT_THAT(taken.error()->message, testing::Not(testing::HasSubstr("t.id")));
}

TEST_F(WriterTest, RefusesToWaitForItself) {
    const auto answer = scratch_->write_and_wait<void>([this](Transaction&) -> Result<void> {
        return scratch_->write_and_wait<void>([](Transaction&) -> Result<void> { return {}; });
    });

    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error()->key, "internal_error");
}

TEST_F(WriterTest, RunsWhatIsQueuedBeforeItCloses) {
    {
        Pause pause(*scratch_);
        for (int i = 0; i < 2'000; ++i) {
            must(scratch_->write_later([i](Transaction& tx) -> Result<void> {
                TRY_VOID(insert(tx, i));
                return {};
            }));
        }
        pause.end();
    }
    scratch_.close();
    scratch_.open();

    EXPECT_EQ(rows(), 2'000);
}

TEST_F(WriterTest, ResumesACoroutineOnItsOwnThreadAfterTheCommit) {
    std::thread::id resumed_on;
    std::int64_t seen = 0;
    auto task = [](ScratchStore& scratch, std::thread::id* where, std::int64_t* count) -> base::Task<void> {
        auto id = std::make_unique<int>(7);  // what only moves can be captured
        auto work = [id = std::move(id)](Transaction& tx) { return insert(tx, *id); };
        CO_TRY(const std::int64_t inserted, co_await scratch->write<std::int64_t>(std::move(work)));
        *where = std::this_thread::get_id();
        *count = inserted + scratch.number("SELECT count(*) FROM t");
        co_return Result<void>();
    };
    boost::asio::co_spawn(contexts_[0], task(scratch_, &resumed_on, &seen), boost::asio::detached);

    contexts_[0].run();

    EXPECT_EQ(resumed_on, std::this_thread::get_id());
    EXPECT_EQ(seen, 2);
}

TEST_F(WriterTest, ResumesEveryCoroutineOfAGroup) {
    std::atomic<int> done = 0;
    auto task = [](ScratchStore& scratch, int id, std::atomic<int>* count) -> base::Task<void> {
        for (int round = 0; round < 20; ++round) {
            const auto answer = co_await scratch->write<std::int64_t>(
                [id, round](Transaction& tx) { return insert(tx, id * 100 + round); });
            *count += answer.has_value() ? 1 : 0;
        }
        co_return Result<void>();
    };
    for (int i = 0; i < 64; ++i) {
        boost::asio::co_spawn(contexts_[i % 2], task(scratch_, i, &done), boost::asio::detached);
    }

    std::thread other([&] { contexts_[1].run(); });
    contexts_[0].run();
    other.join();

    EXPECT_EQ(done, 64 * 20);
    EXPECT_EQ(rows(), 64 * 20);
}

TEST(WriterQueue, RefusesWhatIsMoreThanItsLimit) {
    std::promise<void> gate;
    std::promise<void> entered;
    ScratchStore scratch(2);
    must(scratch->write_later([&](Transaction&) -> Result<void> {
        entered.set_value();
        gate.get_future().wait();
        return {};
    }));
    entered.get_future().wait();
    const auto nothing = [](Transaction&) -> Result<void> { return {}; };

    EXPECT_TRUE(scratch->write_later(nothing).has_value());
    EXPECT_TRUE(scratch->write_later(nothing).has_value());
    const auto refused = scratch->write_later(nothing);
    gate.set_value();

    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error()->key, "store_unavailable");
    EXPECT_EQ(scratch->counters().refused_later, 1U);
}

// Records what it is told, and refuses a commit on demand.
class Witness : public Participant {
  public:
    void job_kept() override { calls += 'k'; }
    void job_undone() override { calls += 'u'; }
    Result<void> before_commit(Transaction&) override {
        calls += 'b';
        return refuse ? Result<void>(internal_error("refused")) : Result<void>();
    }
    void committed() override { calls += 'c'; }
    void spoilt() override { calls += 's'; }
    void rolled_back() override { calls += 'r'; }

    std::string calls;
    bool refuse = false;
};

TEST_F(WriterTest, TellsParticipantsOfEachJobAndGroup) {
    const auto witness = std::make_shared<Witness>();
    scratch_->add_participant(witness);

    scratch_.write([](Transaction& tx) { return insert(tx, 1); });
    EXPECT_FALSE(scratch_->write_and_wait<std::int64_t>([](Transaction& tx) { return insert(tx, 1); }).has_value());

    EXPECT_EQ(witness->calls, "kbcubc");
}

TEST_F(WriterTest, RunsAGroupAgainWhenAJobFailsAfterAChange) {
    const auto witness = std::make_shared<Witness>();
    scratch_->add_participant(witness);
    std::atomic<int> runs = 0;
    Pause pause(*scratch_);
    must(scratch_->write_later([&runs](Transaction& tx) -> Result<void> {
        ++runs;
        TRY_VOID(insert(tx, 1));
        return {};
    }));
    must(scratch_->write_later([](Transaction& tx) -> Result<void> {
        TRY_VOID(insert(tx, 2));
        return invalid_arguments("after a change");
    }));
    must(scratch_->write_later([](Transaction& tx) -> Result<void> {
        TRY_VOID(insert(tx, 3));
        return {};
    }));
    pause.end();
    scratch_.write([](Transaction&) -> Result<std::int64_t> { return 0; });

    EXPECT_EQ(runs, 2);
    EXPECT_EQ(scratch_.number("SELECT group_concat(id) = '1,3' FROM t"), 1);
    EXPECT_THAT(witness->calls, testing::HasSubstr("ks" "kuk"));
}

TEST_F(WriterTest, RunsAGroupOnceWhenAJobFailsBeforeAnyChange) {
    std::atomic<int> runs = 0;
    Pause pause(*scratch_);
    must(scratch_->write_later([&runs](Transaction& tx) -> Result<void> {
        ++runs;
        TRY_VOID(insert(tx, 1));
        return {};
    }));
    must(scratch_->write_later([](Transaction&) -> Result<void> { return invalid_arguments("before any change"); }));
    pause.end();
    scratch_.write([](Transaction&) -> Result<std::int64_t> { return 0; });

    EXPECT_EQ(runs, 1);
    EXPECT_EQ(rows(), 1);
}

TEST_F(WriterTest, FailsTheGroupThatAParticipantRefuses) {
    const auto witness = std::make_shared<Witness>();
    scratch_->add_participant(witness);
    witness->refuse = true;

    const auto answer = scratch_->write_and_wait<std::int64_t>([](Transaction& tx) { return insert(tx, 1); });
    witness->refuse = false;

    EXPECT_FALSE(answer.has_value());
    EXPECT_EQ(witness->calls, "kbr");
    EXPECT_EQ(rows(), 0);
    EXPECT_TRUE(scratch_->healthy());
    EXPECT_EQ(scratch_->counters().failed_groups, 1U);
}

TEST_F(WriterTest, MovesALongLogIntoTheFile) {
    for (int i = 0; i < 40; ++i) {
        scratch_.run("INSERT INTO t (text) VALUES (hex(zeroblob(500000)))");
    }

    EXPECT_GE(scratch_->counters().checkpoints, 1U);
    EXPECT_GT(std::filesystem::file_size(scratch_.path()), 10'000'000U);
}

}  // namespace
}  // namespace quell::store
