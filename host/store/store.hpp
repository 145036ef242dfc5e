// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result.hpp"
#include "base/task.hpp"
#include "store/job.hpp"
#include "store/participant.hpp"
#include "store/statement.hpp"

namespace quell::store {

class ReaderPool;
class StoreFile;
class Writer;

// The path in a [store] url, "sqlite:/var/lib/quell/quell.db"; invalid_arguments otherwise.
Result<std::filesystem::path> path_of_url(std::string_view url);

// The embedded database (CASES.md 4): one file, held by one process under a lock. One writer thread commits
// in groups and answers after the group is on disk; each reading thread has a read-only connection.
// Any thread. Made by the composition root, outlives its users, and goes before the io_contexts do.
// The destructor runs what is queued; nobody may be inside read() by then.
// open() refuses a damaged file (data_loss, and never makes a new one in its place), a newer schema, a network
// file system and a second process (failed_precondition); a missing file is made, mode 0600.
class Store {
  public:
    struct Options {
        std::filesystem::path path;
        std::size_t queue_limit = 65'536;  // for write_later
    };
    struct Counters {
        std::uint64_t groups = 0;         // committed transactions
        std::uint64_t jobs = 0;           // in them
        std::uint64_t failed_groups = 0;  // rolled back as a whole
        std::uint64_t refused_later = 0;  // write_later with a full queue
        std::uint64_t checkpoints = 0;
    };

    static Result<std::unique_ptr<Store>> open(Options options);
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    ~Store();

    // Runs `work` (Result<T>(Transaction&)) on the writer thread and resumes on the caller's io_context once its
    // group is durable. If it returns an error, or throws, its own changes are undone and nobody else's. It may be run
    // twice, and the last run counts.
    // store_unavailable if the store failed or its disk is full. What `work` refers to has to live until then.
    // Work that owns something is named first: g++ 12 destroys twice what a temporary lambda inside a co_await
    // expression captured.
    //     auto work = [row = std::move(row)](Transaction& transaction) -> Result<int> { ... };
    //     co_return co_await store.write<int>(std::move(work));
    template <class T, class Work>
    base::Task<T> write(Work&& work) {
        using Owned = std::remove_cvref_t<Work>;
        return boost::asio::async_initiate<const base::UseTask, void(Result<T>)>(
            [this](auto handler, Owned given) {
                submit(std::make_unique<AwaitedJob<T, Owned, decltype(handler)>>(std::move(given),
                                                                                std::move(handler)));
            },
            base::use_task, Owned(std::forward<Work>(work)));
    }

    // The same for worker threads and commands: blocks. Never on an I/O thread; refused on the writer thread.
    template <class T, class Work>
    Result<T> write_and_wait(Work work) {
        if (on_writer_thread()) {
            return internal_error("write_and_wait inside a write");
        }
        auto job = std::make_unique<BlockingJob<T, Work>>(std::move(work));
        auto future = job->future();
        submit(std::move(job));
        return future.get();
    }

    // Queues `work` (Result<void>(Transaction&)) and does not wait; a failure is logged.
    // store_unavailable, and counted, when the queue is full or the store has failed.
    template <class Work>
    Result<void> write_later(Work work) {
        return submit_bounded(std::make_unique<QueuedJob<Work>>(std::move(work)));
    }

    // Calls `visit` (Result<X>(Reader&)) at once on this thread's read-only connection.
    template <class Visit>
    auto read(Visit&& visit) -> std::invoke_result_t<Visit, Reader&> {
        TRY(Reader* const reader, this_threads_reader());
        return std::forward<Visit>(visit)(*reader);
    }

    // The same with one snapshot for all statements of `visit`. Keep it short: it holds up the checkpoint.
    template <class Visit>
    auto read_snapshot(Visit&& visit) -> std::invoke_result_t<Visit, Reader&> {
        TRY(Reader* const reader, this_threads_reader());
        TRY(const Snapshot snapshot, Snapshot::begin(*reader));
        return std::forward<Visit>(visit)(*reader);
    }

    // False once a write or a sync failed for good: only a restart, after a look at the disk, heals that.
    bool healthy() const;
    Counters counters() const;

    // Part of each group with a job submitted after this; kept alive by the store.
    void add_participant(std::shared_ptr<Participant> participant);

  private:
    class Snapshot {
      public:
        static Result<Snapshot> begin(Reader& reader);
        Snapshot(Snapshot&& other) noexcept : reader_(std::exchange(other.reader_, nullptr)) {}
        Snapshot& operator=(Snapshot&&) = delete;
        ~Snapshot();

      private:
        explicit Snapshot(Reader& reader) : reader_(&reader) {}
        Reader* reader_;
    };

    Store(std::unique_ptr<StoreFile> file, std::unique_ptr<Writer> writer, std::shared_ptr<ReaderPool> readers);
    void submit(std::unique_ptr<Job> job);
    Result<void> submit_bounded(std::unique_ptr<Job> job);
    bool on_writer_thread() const;
    Result<Reader*> this_threads_reader();

    std::unique_ptr<StoreFile> file_;  // released last
    std::unique_ptr<Writer> writer_;
    std::shared_ptr<ReaderPool> readers_;
};

}  // namespace quell::store
