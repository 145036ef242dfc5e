// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/reader_pool.hpp"

#include <atomic>

#include "store/sqlite_error.hpp"

namespace quell::store {
namespace {

struct Held {
    std::uint64_t pool_id;
    std::weak_ptr<ReaderPool> pool;
    ReaderPool::Lane* lane;
};

// What this thread has borrowed, one for each open store.
struct Borrowed {
    std::vector<Held> held;
    ~Borrowed() {
        for (const Held& one : held) {
            if (const auto pool = one.pool.lock()) {
                pool->give_back(one.lane);
            }
        }
    }
};

thread_local Borrowed borrowed;

std::uint64_t next_id() {
    static std::atomic<std::uint64_t> last = 0;
    return ++last;
}

}  // namespace

ReaderPool::ReaderPool(std::filesystem::path path) : path_(std::move(path)), id_(next_id()) {}

Result<Reader*> ReaderPool::for_this_thread() {
    for (const Held& one : borrowed.held) {
        if (one.pool_id == id_) {
            return &one.lane->reader;
        }
    }
    TRY(Lane* const lane, borrow());
    std::erase_if(borrowed.held, [](const Held& one) { return one.pool.expired(); });
    borrowed.held.push_back({.pool_id = id_, .pool = weak_from_this(), .lane = lane});
    return &lane->reader;
}

Result<ReaderPool::Lane*> ReaderPool::borrow() {
    const std::lock_guard lock(mutex_);
    if (closed_) {
        return store_unavailable("The store is closing.", "");
    }
    if (!idle_.empty()) {
        Lane* const lane = idle_.back();
        idle_.pop_back();
        return lane;
    }
    TRY(auto connection, Connection::open(path_, Connection::Mode::read_only));
    lanes_.push_back(std::make_unique<Lane>(std::move(connection)));
    return lanes_.back().get();
}

void ReaderPool::give_back(Lane* lane) {
    const std::lock_guard lock(mutex_);
    if (!closed_) {
        idle_.push_back(lane);
    }
}

void ReaderPool::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    idle_.clear();
    lanes_.clear();
}

}  // namespace quell::store
