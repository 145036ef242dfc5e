// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "audit/trail.hpp"
#include "base/random.hpp"
#include "crypto/seal.hpp"
#include "json/parse.hpp"
#include "orders/orders.hpp"
#include "store/store.hpp"

namespace quell::orders {

// A wall clock that stands still until a test moves it. Any thread.
class FakeClock {
  public:
    WallTime now() const { return from_unix_millis(millis_.load()); }
    std::chrono::steady_clock::time_point steady() const {
        return std::chrono::steady_clock::time_point(Millis(steady_.load()));
    }
    // Time passes.
    void advance(Millis time) {
        millis_ += time.count();
        steady_ += time.count();
    }
    // Somebody sets the wall clock.
    void set_by(Millis time) { millis_ += time.count(); }

  private:
    std::atomic<std::int64_t> millis_{1'795'000'000'000};
    std::atomic<std::int64_t> steady_{1'000'000};
};

// The real store, trail and I/O thread under the orders of a test, with short times. restart() is what a crash and a
// new process look like from the store: whatever was not committed is gone.
class OrderRig {
  public:

    OrderRig()
        : directory_(std::filesystem::temp_directory_path() / ("quell-orders-" + random_token())),
          key_(crypto::SealingKey::make(SecretString(std::string(32, 'k'))).value()) {
        std::filesystem::create_directories(directory_);
        open();
    }
    ~OrderRig() {
        close();
        std::filesystem::remove_all(directory_);
    }
    OrderRig(const OrderRig&) = delete;
    OrderRig& operator=(const OrderRig&) = delete;

    void close() {
        if (orders_) {
            orders_->stop();
        }
        thread_work_.reset();
        if (thread_.joinable()) {
            thread_.join();
        }
        orders_.reset();
        trail_.reset();
        store_.reset();
        context_.reset();
    }
    void open() {
        context_ = std::make_unique<boost::asio::io_context>(1);
        store_ = must(store::Store::open({.path = directory_ / "quell.db"}));
        trail_ = std::make_unique<audit::Trail>(*store_, key_);
        orders_ = std::make_unique<Orders>(*store_, *trail_, context_->get_executor(), timing());
        thread_work_.emplace(context_->get_executor());
        thread_ = std::thread([this] { context_->run(); });
    }

    // Runs a task on the I/O thread and waits for it.
    template <class T>
    Result<T> run(base::Task<T> task) {
        return start(std::move(task)).get();
    }
    // The same without waiting.
    template <class T>
    std::future<Result<T>> start(base::Task<T> task) {
        auto promise = std::make_shared<std::promise<Result<T>>>();
        auto future = promise->get_future();
        boost::asio::co_spawn(*context_, std::move(task), [promise](std::exception_ptr thrown, Result<T> result) {
            thrown ? promise->set_exception(thrown) : promise->set_value(std::move(result));
        });
        return future;
    }

    // The same of a use case, whose document is read.
    Result<json::Value> run(base::Task<std::string> task) { return start(std::move(task)).get(); }
    std::future<Result<json::Value>> start(base::Task<std::string> task) {
        auto promise = std::make_shared<std::promise<Result<json::Value>>>();
        auto future = promise->get_future();
        boost::asio::co_spawn(*context_, std::move(task), [promise](std::exception_ptr thrown, Result<std::string> text) {
            thrown ? promise->set_exception(thrown) : promise->set_value(read(std::move(text)));
        });
        return future;
    }
    static Result<json::Value> read(const Result<std::string>& document) {
        return document ? json::parse(*document) : Result<json::Value>(document.error());
    }

    Orders& orders() { return *orders_; }
    store::Store& store() { return *store_; }
    audit::Trail& trail() { return *trail_; }
    const crypto::SealingKey& key() const { return key_; }
    boost::asio::io_context::executor_type executor() { return context_->get_executor(); }
    FakeClock& clock() { return clock_; }

    // "event outcome" of each record of a tenant, oldest first, once everything queued is written.
    std::vector<std::string> audited(const TenantId& tenant) {
        flush();
        std::vector<std::string> lines;
        for (const audit::Entry& entry : must(trail_->tail(tenant, 1000))) {
            lines.push_back(entry.event + " " + entry.outcome);
        }
        return lines;
    }
    void flush() { must_do(store_->write_and_wait<void>([](store::Transaction&) { return Result<void>(); })); }
    // No audit record can be written until heal_audit().
    void break_audit() {
        change_schema("CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'broken'); END");
    }
    void heal_audit() { change_schema("DROP TRIGGER broken"); }

    template <class T>
    static T must(Result<T> result) {
        if (!result) {
            throw std::runtime_error(result.error()->key + ": " + result.error()->message + " " +
                                     result.error()->detail);
        }
        return std::move(*result);
    }
    static void must_do(const Result<void>& result) {
        if (!result) {
            throw std::runtime_error(result.error()->key + ": " + result.error()->detail);
        }
    }

  private:
    using Work = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;

    void change_schema(const char* sql) {
        must_do(store_->write_and_wait<void>([sql](store::Transaction& transaction) -> Result<void> {
            TRY([[maybe_unused]] const auto changed, transaction.run(sql));
            return {};
        }));
    }

    Timing timing() {
        Timing timing;
        timing.first_poll = Millis(1);
        timing.last_poll = Millis(4);
        timing.shortest_hint = Millis(1);
        timing.settle_after = Millis(0);
        timing.longest_wait = std::chrono::seconds(30);
        timing.store_retry = Millis(1);
        timing.now = [this] { return clock_.now(); };
        timing.steady = [this] { return clock_.steady(); };
        return timing;
    }

    const std::filesystem::path directory_;
    const crypto::SealingKey key_;
    FakeClock clock_;
    std::unique_ptr<boost::asio::io_context> context_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<audit::Trail> trail_;
    std::unique_ptr<Orders> orders_;
    std::optional<Work> thread_work_;
    std::thread thread_;
};

// Holds coroutines until it is opened. open(): any thread.
class Gate {
  public:
    using Executor = boost::asio::io_context::executor_type;

    base::Task<void> pass() {
        using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                        boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
        auto timer = std::make_shared<Timer>(Executor(co_await boost::asio::this_coro::executor),
                                             Timer::time_point::max());
        {
            const std::lock_guard lock(mutex_);
            if (open_) {
                co_return Result<void>();
            }
            waiting_.push_back([timer] {
                boost::asio::post(timer->get_executor(), [timer] { timer->cancel(); });
            });
            arrived_.notify_all();
        }
        co_await timer->async_wait(boost::asio::as_tuple(base::use_task));
        co_return Result<void>();
    }
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        for (const auto& wake : std::exchange(waiting_, {})) {
            wake();
        }
    }
    // Blocks until somebody is held.
    void wait_for_arrival() {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, [this] { return !waiting_.empty(); });
    }

  private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    bool open_ = false;
    std::vector<std::function<void()>> waiting_;
};

}  // namespace quell::orders
