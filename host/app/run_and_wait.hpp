// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "base/task.hpp"

namespace quell::app {

// Runs a task to its end on this thread: commands block.
template <class T>
Result<T> run_and_wait(base::Task<T> task) {
    boost::asio::io_context context;
    std::optional<Result<T>> outcome;
    boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr failure, Result<T> result) {
        outcome = failure ? Result<T>(internal_error("a task threw")) : std::move(result);
    });
    context.run();
    return outcome ? std::move(*outcome) : Result<T>(internal_error("a task never ended"));
}

}  // namespace quell::app
