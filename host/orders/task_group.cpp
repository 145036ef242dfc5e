// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "orders/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "base/log.hpp"

namespace quell::orders {
namespace {

void log_failure(const std::exception_ptr& thrown, const Result<void>& result) {
    if (thrown) {
        try {
            std::rethrow_exception(thrown);
        } catch (const std::exception& exception) {
            log::error("order_task_failed", {{"detail", exception.what()}});
        }
    } else if (!result && result.error()->code != Code::cancelled) {
        log::error("order_task_failed", {{"key", result.error()->key}, {"detail", result.error()->detail}});
    }
}

}  // namespace

bool TaskGroup::spawn(base::Task<void> task) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping()) {
            return false;
        }
        ++running_;
    }
    boost::asio::co_spawn(executor_, std::move(task), [this](std::exception_ptr thrown, Result<void> result) {
        log_failure(thrown, result);
        finished();
    });
    return true;
}

void TaskGroup::finished() {
    const std::lock_guard lock(mutex_);
    if (--running_ == 0) {
        idle_.notify_all();
    }
}

base::Task<void> TaskGroup::pause(Millis time) {
    const Error cancelled(Code::cancelled, "internal_error", "The host is stopping.");
    if (stopping()) {
        co_return cancelled;
    }
    Timer timer(executor_, time);
    pauses_.insert(&timer);
    co_await timer.async_wait(boost::asio::as_tuple(base::use_task));
    pauses_.erase(&timer);
    if (stopping()) {
        co_return cancelled;
    }
    co_return Result<void>();
}

void TaskGroup::stop() {
    std::unique_lock lock(mutex_);
    stop_.request_stop();
    ++running_;  // the function below: it must not outlive the group
    boost::asio::post(executor_, [this] {
        for (Timer* const timer : pauses_) {
            timer->cancel();
        }
        finished();
    });
    idle_.wait(lock, [this] { return running_ == 0; });
}

}  // namespace quell::orders
