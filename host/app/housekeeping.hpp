// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "store/store.hpp"

namespace quell::app {

// Removes what has expired from the store (tokens, codes, logins) and clients that were never used, at the start and
// every minute: in small parts, so that it holds up nobody, until none is left. Runs on one io_context; start()
// before its threads run, gone after they ended.
class Housekeeping {
  public:
    // For how long a client may wait for its first use, as the settings say now.
    using Unused = std::function<std::chrono::hours()>;

    Housekeeping(store::Store& store, boost::asio::io_context& context, Unused unused)
        : store_(store), unused_(std::move(unused)), timer_(context) {}
    // What else ends: at most `limit` at a time; returns how many. Outlives the store's writer. Before start().
    using Work = std::function<Result<std::int64_t>(store::Transaction& transaction, std::int64_t limit)>;
    void also(Work work) { work_.push_back(std::move(work)); }
    void start() { remove_part(); }

  private:
    void remove_part();
    void after(std::chrono::milliseconds time, std::function<void()> next);

    store::Store& store_;
    const Unused unused_;
    std::vector<Work> work_;
    // Whether the last part was a full one. Shared with the writer, which may outlive this.
    std::shared_ptr<std::atomic<bool>> is_more_ = std::make_shared<std::atomic<bool>>(false);
    boost::asio::steady_timer timer_;
};

}  // namespace quell::app
