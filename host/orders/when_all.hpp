// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <vector>

#include "base/task.hpp"

namespace quell::orders {

// Runs the tasks side by side on the caller's io_context and returns all results, in order, once the last has ended.
// An exception becomes internal_error of its task.
template <class T>
base::Task<std::vector<Result<T>>> when_all(std::vector<base::Task<T>> tasks) {
    using Executor = boost::asio::io_context::executor_type;
    using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
    std::vector<Result<T>> results(tasks.size());
    const Executor executor = co_await boost::asio::this_coro::executor;
    Timer all_done(executor, Timer::time_point::max());
    std::size_t running = tasks.size();
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        boost::asio::co_spawn(executor, std::move(tasks[i]), [&, i](std::exception_ptr thrown, Result<T> result) {
            results[i] = thrown ? Result<T>(internal_error("a task threw")) : std::move(result);
            if (--running == 0) {
                all_done.cancel();
            }
        });
    }
    if (running > 0) {
        co_await all_done.async_wait(boost::asio::as_tuple(base::use_task));
    }
    co_return std::move(results);
}

}  // namespace quell::orders
