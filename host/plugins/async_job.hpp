// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "plugins/job.hpp"

namespace quell::plugins {

// A job whose answer, read by `Reader` (Result<T>(const json::Value&)) on the worker, resumes a coroutine on the
// io_context that it runs on.
template <class T, class Reader, class Handler>
class AsyncJob final : public Job {
  public:
    AsyncJob(CallSetup setup, const Method& known, std::shared_ptr<void> plugin, Reader reader, Handler handler)
        : Job(std::move(setup), known, std::move(plugin)),
          reader_(std::move(reader)),
          work_(boost::asio::make_work_guard(handler)),
          handler_(std::move(handler)) {}

  protected:
    void deliver(Result<json::Value> result) override {
        const auto executor = work_.get_executor();
        boost::asio::post(executor, [handler = std::move(handler_), answer = read(std::move(result))]() mutable {
            handler(std::move(answer));
        });
        work_.reset();
    }

  private:
    // Nothing may keep the coroutine from being resumed.
    Result<T> read(Result<json::Value> result) const {
        if (!result) {
            return std::move(result).error();
        }
        try {
            return reader_(*result);
        } catch (const std::exception& failure) {
            return internal_error(std::string("reading a plugin's reply: ") + failure.what());
        }
    }

    const Reader reader_;
    boost::asio::executor_work_guard<boost::asio::associated_executor_t<Handler>> work_;
    Handler handler_;
};

}  // namespace quell::plugins
