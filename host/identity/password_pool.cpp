// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/password_pool.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "identity/password.hpp"

namespace quell::identity {
namespace {

// Runs the check in the pool and completes on the executor of whoever waits.
template <class Handler>
void run(boost::asio::thread_pool& pool, std::atomic<std::size_t>& waiting, Handler handler, std::string encoded,
         SecretString password) {
    auto executor = boost::asio::get_associated_executor(handler);
    auto work = boost::asio::make_work_guard(executor);
    boost::asio::post(pool, [&waiting, executor, work = std::move(work), handler = std::move(handler),
                             encoded = std::move(encoded), password = std::move(password)]() mutable {
        const bool matches = matches_password(encoded, password);
        waiting.fetch_sub(1);
        boost::asio::post(executor,
                          [handler = std::move(handler), matches]() mutable { std::move(handler)(matches); });
    });
}

}  // namespace

base::Task<bool> PasswordPool::matches(std::string encoded, SecretString password) {
    if (!enter()) {
        co_return Error(Code::resource_exhausted, "rate_limited", "Too many people sign in at this moment.")
            .retryable(2);
    }
    co_return co_await boost::asio::async_initiate<const base::UseTask, void(bool)>(
        [this](auto handler, std::string hash, SecretString plain) {
            run(pool_, waiting_, std::move(handler), std::move(hash), std::move(plain));
        },
        base::use_task, std::move(encoded), std::move(password));
}

void PasswordPool::stop() {
    pool_.stop();
    pool_.join();
}

bool PasswordPool::enter() {
    if (waiting_.fetch_add(1) < max_waiting_) {
        return true;
    }
    waiting_.fetch_sub(1);
    return false;
}

}  // namespace quell::identity
