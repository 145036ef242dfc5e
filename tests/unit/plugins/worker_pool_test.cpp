// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/worker_pool.hpp"

#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "plugins/instance.hpp"

namespace quell::plugins::test {
namespace {

using namespace std::chrono_literals;

class TestJob : public Job {
  public:
    using Job::Job;
    std::string key() {
        const auto result = promise_.get_future().get();
        return result ? "" : result.error()->key;
    }

  protected:
    void deliver(Result<json::Value> result) override { promise_.set_value(std::move(result)); }

  private:
    std::promise<Result<json::Value>> promise_;
};

class Pool : public testing::Test {
  protected:
    std::shared_ptr<TestJob> job(std::chrono::milliseconds time = 30s) {
        CallSetup setup{.instance = instance_, .capability = "", .method = "", .request = ""};
        setup.options.deadline = std::chrono::steady_clock::now() + time;
        return std::make_shared<TestJob>(std::move(setup), method_, nullptr);
    }
    static void done(Job& job) { job.answer(json::Value(true)); }

    Instance instance_;
    const Method& method_ = *known_method("health/1", "check");
    Watchdog watchdog_;
};

TEST_F(Pool, RefusesWhatItsQueueCannotHold) {
    std::latch begun(1);
    std::latch release(1);
    bool has_begun = false;
    WorkerPool pool({.workers = 1, .queue = 1},
                    [&](Job& job) {
                        if (!std::exchange(has_begun, true)) {
                            begun.count_down();
                        }
                        release.wait();
                        done(job);
                    },
                    [](Job&) {}, watchdog_);
    const auto running = job();
    pool.submit(running);
    begun.wait();
    const auto waiting = job();
    const auto refused = job();
    pool.submit(waiting);

    pool.submit(refused);

    EXPECT_EQ(refused->key(), "connector_unavailable");
    release.count_down();
    EXPECT_EQ(running->key(), "");
    EXPECT_EQ(waiting->key(), "");
}

TEST_F(Pool, ServesAllCallsThatWereAddedBeforeOneWaking) {
    WorkerPool pool({.workers = 1, .queue = 8}, [](Job& job) { done(job); }, [](Job&) {}, watchdog_);
    const auto first = job();
    pool.submit(first);
    ASSERT_EQ(first->key(), "");
    std::vector<std::shared_ptr<TestJob>> jobs;
    int owed = 0;
    for (int i = 0; i < 8; ++i) {
        jobs.push_back(job());
        owed += pool.add(jobs.back()) ? 1 : 0;
    }

    for (int i = 0; i < owed; ++i) {
        pool.wake();
    }

    for (const auto& added : jobs) {
        EXPECT_EQ(added->key(), "");
    }
    EXPECT_LE(owed, 1);
}

TEST_F(Pool, DropsAWaitingCallAtItsDeadline) {
    std::latch release(1);
    std::atomic<int> runs = 0;
    WorkerPool pool({.workers = 1, .queue = 8},
                    [&](Job& job) {
                        ++runs;
                        release.wait();
                        done(job);
                    },
                    [](Job&) {}, watchdog_);
    const auto running = job();
    const auto waiting = job(20ms);
    pool.submit(running);
    pool.submit(waiting);

    EXPECT_EQ(waiting->key(), "deadline_exceeded");
    release.count_down();
    EXPECT_EQ(running->key(), "");
    EXPECT_TRUE(pool.stop());
    EXPECT_EQ(runs, 1);
}

TEST_F(Pool, NeverOverlapsCallsOnOneInstanceIfSerial) {
    std::atomic<int> inside = 0;
    std::atomic<bool> overlapped = false;
    WorkerPool pool({.workers = 4, .queue = 64, .serial = true},
                    [&](Job& job) {
                        overlapped = overlapped || inside.fetch_add(1) > 0;
                        std::this_thread::yield();
                        --inside;
                        done(job);
                    },
                    [](Job&) {}, watchdog_);
    std::vector<std::shared_ptr<TestJob>> jobs;
    for (int i = 0; i < 50; ++i) {
        jobs.push_back(job());
        pool.submit(jobs.back());
    }
    for (const auto& one : jobs) {
        EXPECT_EQ(one->key(), "");
    }
    EXPECT_FALSE(overlapped);
}

TEST_F(Pool, UsesAllItsWorkersForCallsThatBlock) {
    std::latch all(4);
    WorkerPool pool({.workers = 4, .queue = 64},
                    [&](Job& job) {
                        all.arrive_and_wait();  // ends only when four run at once
                        done(job);
                    },
                    [](Job&) {}, watchdog_);
    std::vector<std::shared_ptr<TestJob>> jobs;
    for (int i = 0; i < 4; ++i) {
        jobs.push_back(job());
        pool.submit(jobs.back());
    }
    for (const auto& one : jobs) {
        EXPECT_EQ(one->key(), "");
    }
}

// PL-01: a call that hangs holds up no other while there may be more workers.
TEST_F(Pool, StartsMoreWorkersWhenTheIdleOnesDoNotSuffice) {
    for (int round = 0; round < 20; ++round) {
        std::atomic<bool> blocks = false;
        std::latch all(4);
        WorkerPool pool({.workers = 4, .queue = 64},
                        [&](Job& job) {
                            if (blocks) {
                                all.arrive_and_wait();  // ends only when four run at once
                            }
                            done(job);
                        },
                        [](Job&) {}, watchdog_);
        const auto first = job();
        pool.submit(first);
        ASSERT_EQ(first->key(), "");  // its worker is idle now, or is about to be
        blocks = true;
        std::vector<std::shared_ptr<TestJob>> jobs;
        for (int i = 0; i < 4; ++i) {
            jobs.push_back(job(5s));
            pool.submit(jobs.back());
        }
        for (const auto& one : jobs) {
            ASSERT_EQ(one->key(), "");
        }
    }
}

TEST_F(Pool, AnswersEverythingWhenItStops) {
    std::latch begun(1);
    WorkerPool pool({.workers = 1, .queue = 8},
                    [&](Job& job) {
                        begun.count_down();  // once: the other call never runs
                        job.call.sleep(30s);  // as a well-behaved plugin does
                        done(job);
                    },
                    [](Job&) {}, watchdog_);
    const auto running = job();
    const auto waiting = job();
    pool.submit(running);
    begun.wait();
    pool.submit(waiting);

    EXPECT_TRUE(pool.stop());

    EXPECT_EQ(running->key(), "connector_unavailable");
    EXPECT_EQ(waiting->key(), "connector_unavailable");
    const auto late = job();
    pool.submit(late);
    EXPECT_EQ(late->key(), "connector_unavailable");
}

}  // namespace
}  // namespace quell::plugins::test
