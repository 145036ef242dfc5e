// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.hpp"
#include "store/connection.hpp"
#include "store/statement.hpp"

namespace quell::store {

// A read-only connection for each thread that reads, opened at its first read. A thread that ends gives its own
// back for the next one. Any thread; close() when nobody reads any more.
class ReaderPool : public std::enable_shared_from_this<ReaderPool> {
  public:
    struct Lane {
        explicit Lane(std::unique_ptr<Connection> opened) : connection(std::move(opened)), reader(*connection) {}
        std::unique_ptr<Connection> connection;
        Reader reader;
    };

    explicit ReaderPool(std::filesystem::path path);
    Result<Reader*> for_this_thread();
    void give_back(Lane* lane);
    void close();

  private:
    Result<Lane*> borrow();

    const std::filesystem::path path_;
    const std::uint64_t id_;  // never used twice, so that a thread's note of a closed pool matches no later one
    std::mutex mutex_;        // guards the members below
    std::vector<std::unique_ptr<Lane>> lanes_;
    std::vector<Lane*> idle_;
    bool closed_ = false;
};

}  // namespace quell::store
