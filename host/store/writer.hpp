// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "store/connection.hpp"
#include "store/job.hpp"
#include "store/participant.hpp"
#include "store/store.hpp"

namespace quell::store {

// The one thread that changes the file: takes all that waits as one transaction, commits, then delivers. A job that
// fails after it changed something makes its group run again, then with a savepoint for each job. The thread also moves
// the log into the file (checkpoint), between groups, so that nothing else writes meanwhile. After a failed commit or
// sync it refuses everything: what the disk then holds is not known (DU-04).
class Writer {
  public:
    using Jobs = std::vector<std::unique_ptr<Job>>;

    Writer(std::unique_ptr<Connection> connection, std::size_t queue_limit);
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    ~Writer();  // runs what is queued

    void submit(std::unique_ptr<Job> job);
    // Refused when the queue is full, the store has failed or is closing; the job is then dropped undelivered.
    Result<void> submit_bounded(std::unique_ptr<Job> job);
    void add_participant(std::shared_ptr<Participant> participant);  // before its first job

    bool healthy() const { return !failed_.load(std::memory_order_relaxed); }
    bool on_writer_thread() const { return std::this_thread::get_id() == thread_.get_id(); }
    Store::Counters counters() const;

  private:
    enum class Undo { group, job };           // what is undone when a job fails that changed something
    enum class Attempt { committed, spoilt };  // spoilt: by such a job, where groups are undone

    void run();
    bool take(Jobs& jobs);  // false: closing and nothing left
    void await_return(std::unique_lock<std::mutex>& lock);
    void linger(std::unique_lock<std::mutex>& lock);
    void run_group(std::span<std::unique_ptr<Job>> jobs);
    Result<void> commit_group(std::span<std::unique_ptr<Job>> jobs);
    Result<Attempt> attempt(std::span<std::unique_ptr<Job>> jobs, Undo undo);
    Result<Attempt> run_jobs(std::span<std::unique_ptr<Job>> jobs, Transaction& transaction, Undo undo);
    Result<Attempt> run_job(Job& job, Transaction& transaction, Undo undo);
    static bool run_guarded(Job& job, Transaction& transaction);
    Result<void> end_savepoint(bool keep);
    Result<void> execute(std::string_view sql);
    Result<void> before_commit(Transaction& transaction);
    void roll_back();
    void write_over_the_rest();
    void watch_for_failure();
    static void deliver(Jobs& jobs);  // leaves null pointers
    void checkpoint();
    int log_growth() const;
    static int note_log_size(void* context, sqlite3* database, const char* name, int frames);

    const std::unique_ptr<Connection> connection_;
    const std::size_t queue_limit_;
    std::vector<std::shared_ptr<Participant>> participants_;  // the writer thread's own
    int log_frames_ = 0;                                      // likewise: the log's length in pages
    int frames_at_checkpoint_ = 0;                            // likewise
    std::chrono::steady_clock::duration group_took_{};        // likewise: the last group, from its first job on

    mutable std::mutex mutex_;  // guards what follows, to closing_
    std::condition_variable wake_;
    Jobs queue_;
    std::size_t awaited_ = 0;    // jobs of the queue that somebody waits for
    std::size_t returning_ = 0;  // the same of the last group
    std::vector<std::shared_ptr<Participant>> joining_;
    bool closing_ = false;

    std::atomic<bool> failed_ = false;
    std::atomic<std::uint64_t> groups_ = 0;
    std::atomic<std::uint64_t> jobs_ = 0;
    std::atomic<std::uint64_t> failed_groups_ = 0;
    std::atomic<std::uint64_t> refused_later_ = 0;
    std::atomic<std::uint64_t> checkpoints_ = 0;
    std::thread thread_;  // last: starts when all else is there
};

}  // namespace quell::store
