// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <future>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/result.hpp"
#include "store/statement.hpp"

namespace quell::store {

// A piece of work for the writer thread. It is run (or failed) there and delivered exactly once after the
// group's outcome is known. A group that is undone runs it again, or calls fail(): what the work saw may never have been.
class Job {
  public:
    virtual ~Job() = default;
    virtual bool run(Transaction& transaction) = 0;  // false: undo this job
    virtual void fail(const Error& error) = 0;
    // Where deliver() has to be called; null: on any thread.
    virtual boost::asio::io_context* home() const { return nullptr; }
    virtual void deliver(std::unique_ptr<Job> self) = 0;
};

template <class T, class Work>
class WorkingJob : public Job {
    static_assert(std::is_invocable_r_v<Result<T>, Work&, Transaction&>,
                  "the work takes a Transaction& and returns Result<T>");

  public:
    explicit WorkingJob(Work work) : work_(std::move(work)) {}
    bool run(Transaction& transaction) override {
        result_.emplace(work_(transaction));
        return result_->has_value();
    }
    void fail(const Error& error) override { result_.emplace(error); }

  protected:
    Result<T> take() { return *std::move(result_); }

  private:
    Work work_;
    std::optional<Result<T>> result_;
};

// Resumes a coroutine on the io_context that started it.
template <class T, class Work, class Handler>
class AwaitedJob final : public WorkingJob<T, Work> {
    using Executor = boost::asio::associated_executor_t<Handler>;

  public:
    AwaitedJob(Work work, Handler handler)
        : WorkingJob<T, Work>(std::move(work)),
          guard_(boost::asio::get_associated_executor(handler)),
          handler_(std::move(handler)) {}
    boost::asio::io_context* home() const override { return &guard_.get_executor().context(); }
    void deliver(std::unique_ptr<Job> self) override {
        auto guard = std::move(guard_);
        Handler handler = std::move(handler_);
        Result<T> result = this->take();
        self.reset();
        std::move(handler)(std::move(result));
    }

  private:
    boost::asio::executor_work_guard<Executor> guard_;
    Handler handler_;
};

// Wakes a thread that waits.
template <class T, class Work>
class BlockingJob final : public WorkingJob<T, Work> {
  public:
    using WorkingJob<T, Work>::WorkingJob;
    std::future<Result<T>> future() { return promise_.get_future(); }
    void deliver(std::unique_ptr<Job>) override { promise_.set_value(this->take()); }

  private:
    std::promise<Result<T>> promise_;
};

// Says in the log that a queued write failed; nobody waits for it.
void log_queued_failure(const Error& error);

template <class Work>
class QueuedJob final : public WorkingJob<void, Work> {
  public:
    using WorkingJob<void, Work>::WorkingJob;
    void deliver(std::unique_ptr<Job>) override {
        if (const auto result = this->take(); !result) {
            log_queued_failure(result.error());
        }
    }
};

}  // namespace quell::store
