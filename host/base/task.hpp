// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "base/result.hpp"

namespace quell::base {

// The one signature of asynchronous functions. It runs and resumes on the io_context that started it
// (one per I/O thread), so code between two co_awaits needs no lock. The executor is a concrete type,
// which is cheaper than any_io_executor.
template <class T>
using Task = boost::asio::awaitable<Result<T>, boost::asio::io_context::executor_type>;

using UseTask = boost::asio::use_awaitable_t<boost::asio::io_context::executor_type>;
inline constexpr UseTask use_task{};

}  // namespace quell::base
