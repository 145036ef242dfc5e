// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/writer.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <exception>
#include <iterator>

#include "base/log.hpp"
#include "store/migrations.hpp"
#include "store/sqlite_error.hpp"

namespace quell::store {
namespace {

// More waiting jobs than this make more than one group, so that the first ones are answered in time.
constexpr std::size_t kGroupLimit = 512;
// Queued jobs that nobody awaits let others join their group for this time: a commit costs as much as fifty of them. A
// power cut loses no more of them than come in that time.
constexpr auto kLinger = std::chrono::milliseconds(10);
constexpr std::size_t kWorthwhile = 128;
// Who waited for the last group mostly writes again as soon as that is done. Waiting for all of them, at most this part
// of the time that the group took, makes one group where there would be two that wait for each other.
constexpr int kPatience = 4;
// A pause of kIdle is used to empty a log of kIdleFrames (4 MiB); one of kFullFrames (32 MiB) does not wait for a
// pause. Small enough to recover at once, large enough that less than one group in a hundred meets a checkpoint.
constexpr auto kIdle = std::chrono::milliseconds(50);
constexpr int kIdleFrames = 1'000;
constexpr int kFullFrames = 8'000;

Error closed_error() { return store_unavailable("The store is closing.", ""); }

Error failed_error() {
    return Error(Code::unavailable, "store_unavailable", "The store failed and takes no changes.")
        .next_step("Look at the log and the disk, then restart Quell.");
}

}  // namespace

void log_queued_failure(const Error& error) {
    log::error("queued_write_failed", {{"key", error->key}, {"message", error->message}, {"detail", error->detail}});
}

Writer::Writer(std::unique_ptr<Connection> connection, std::size_t queue_limit)
    : connection_(std::move(connection)), queue_limit_(queue_limit) {
    sqlite3_wal_hook(connection_->handle(), &Writer::note_log_size, this);
    thread_ = std::thread([this] { run(); });
}

Writer::~Writer() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void Writer::submit(std::unique_ptr<Job> job) {
    bool tell = false;
    {
        const std::lock_guard lock(mutex_);
        if (!closing_) {
            queue_.push_back(std::move(job));
            ++awaited_;
            tell = awaited_ == 1 || awaited_ == returning_;
        }
    }
    if (tell) {
        wake_.notify_one();
    }
    if (job == nullptr) {
        return;
    }
    job->fail(closed_error());
    Jobs refused;
    refused.push_back(std::move(job));
    deliver(refused);
}

Result<void> Writer::submit_bounded(std::unique_ptr<Job> job) {
    bool tell = false;
    {
        const std::lock_guard lock(mutex_);
        if (closing_) {
            return closed_error();
        }
        if (!healthy()) {
            return failed_error();
        }
        if (queue_.size() >= queue_limit_) {
            ++refused_later_;
            return store_unavailable("Too many writes wait for the store.", "");
        }
        queue_.push_back(std::move(job));
        tell = queue_.size() == 1 || queue_.size() == kWorthwhile;
    }
    if (tell) {
        wake_.notify_one();
    }
    return {};
}

void Writer::add_participant(std::shared_ptr<Participant> participant) {
    const std::lock_guard lock(mutex_);
    joining_.push_back(std::move(participant));
}

Store::Counters Writer::counters() const {
    return {.groups = groups_,
            .jobs = jobs_,
            .failed_groups = failed_groups_,
            .refused_later = refused_later_,
            .checkpoints = checkpoints_};
}

void Writer::run() {
    Jobs jobs;
    while (take(jobs)) {
        const bool pause = jobs.empty();
        const auto began = std::chrono::steady_clock::now();
        run_group(jobs);
        group_took_ = std::chrono::steady_clock::now() - began;
        deliver(jobs);
        jobs.clear();
        if (pause || log_growth() >= kFullFrames) {
            checkpoint();
        }
    }
    if (!healthy()) {
        // What the log holds after a failed sync is not known: leave it to the next start's recovery.
        sqlite3_db_config(connection_->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
}

// Takes the waiting jobs, at most kGroupLimit; none of them means that a pause came.
bool Writer::take(Jobs& jobs) {
    std::unique_lock lock(mutex_);
    await_return(lock);
    const auto ready = [this] { return closing_ || !queue_.empty(); };
    if (log_growth() < kIdleFrames) {
        wake_.wait(lock, ready);
    } else if (!wake_.wait_for(lock, kIdle, ready)) {
        return true;
    }
    linger(lock);
    std::move(joining_.begin(), joining_.end(), std::back_inserter(participants_));
    joining_.clear();
    if (queue_.size() <= kGroupLimit) {
        jobs.swap(queue_);
        returning_ = std::exchange(awaited_, 0);
        return !jobs.empty();
    }
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(kGroupLimit);
    jobs.assign(std::move_iterator(queue_.begin()), std::move_iterator(end));
    queue_.erase(queue_.begin(), end);
    return true;
}

void Writer::await_return(std::unique_lock<std::mutex>& lock) {
    wake_.wait_for(lock, group_took_ / kPatience, [this] { return closing_ || awaited_ >= returning_; });
    returning_ = 0;
}

void Writer::linger(std::unique_lock<std::mutex>& lock) {
    wake_.wait_for(lock, kLinger, [this] { return closing_ || awaited_ > 0 || queue_.size() >= kWorthwhile; });
}

void Writer::run_group(std::span<std::unique_ptr<Job>> jobs) {
    if (jobs.empty()) {
        return;
    }
    const Result<void> committed = healthy() ? commit_group(jobs) : Result<void>(failed_error());
    if (committed) {
        ++groups_;
        jobs_ += jobs.size();
        return;
    }
    ++failed_groups_;
    log::error("store_group_failed", {{"jobs", jobs.size()},
                                      {"message", committed.error()->message},
                                      {"detail", committed.error()->detail}});
    for (const auto& job : jobs) {
        job->fail(committed.error());
    }
}

// Nearly every group holds no job that fails after it changed something, so the first attempt has no savepoints: they
// cost as much as a small job. A spoilt group is undone and run again, with one for each job.
Result<void> Writer::commit_group(std::span<std::unique_ptr<Job>> jobs) {
    TRY(const Attempt first, attempt(jobs, Undo::group));
    if (first == Attempt::committed) {
        return {};
    }
    TRY([[maybe_unused]] const Attempt second, attempt(jobs, Undo::job));
    return {};
}

Result<Writer::Attempt> Writer::attempt(std::span<std::unique_ptr<Job>> jobs, Undo undo) {
    Transaction transaction(*connection_);
    Result<Attempt> result = run_jobs(jobs, transaction, undo);
    if (result && *result == Attempt::committed) {
        for (const auto& participant : participants_) {
            participant->committed();
        }
        return result;
    }
    watch_for_failure();
    roll_back();
    if (!healthy()) {
        write_over_the_rest();
    }
    for (const auto& participant : participants_) {
        result ? participant->spoilt() : participant->rolled_back();
    }
    return result;
}

Result<Writer::Attempt> Writer::run_jobs(std::span<std::unique_ptr<Job>> jobs, Transaction& transaction, Undo undo) {
    TRY_VOID(execute("BEGIN IMMEDIATE"));
    for (const auto& job : jobs) {
        TRY(const Attempt so_far, run_job(*job, transaction, undo));
        if (so_far == Attempt::spoilt) {
            return so_far;
        }
    }
    TRY_VOID(before_commit(transaction));
    TRY_VOID(execute("COMMIT"));
    return Attempt::committed;
}

// Fails only if the group is lost: some errors (a full disk, an I/O error) make SQLite end the whole transaction.
Result<Writer::Attempt> Writer::run_job(Job& job, Transaction& transaction, Undo undo) {
    if (undo == Undo::job) {
        TRY_VOID(execute("SAVEPOINT job"));
    }
    const std::int64_t before = connection_->total_changes();
    const bool keep = run_guarded(job, transaction);
    if (!connection_->in_transaction() || connection_->has_fatal_failure()) {
        return connection_->last_failure();
    }
    if (undo == Undo::job) {
        TRY_VOID(end_savepoint(keep));
    } else if (!keep && connection_->total_changes() != before) {
        return Attempt::spoilt;
    }
    for (const auto& participant : participants_) {
        keep ? participant->job_kept() : participant->job_undone();
    }
    return Attempt::committed;
}

bool Writer::run_guarded(Job& job, Transaction& transaction) {
    try {
        return job.run(transaction);
    } catch (const std::exception& thrown) {
        job.fail(internal_error(std::string("a write threw: ") + thrown.what()));
        return false;
    }
}

Result<void> Writer::end_savepoint(bool keep) {
    if (!keep) {
        TRY_VOID(execute("ROLLBACK TO job"));
    }
    return execute("RELEASE job");
}

Result<void> Writer::before_commit(Transaction& transaction) {
    for (const auto& participant : participants_) {
        TRY_VOID(participant->before_commit(transaction));
    }
    return {};
}

Result<void> Writer::execute(std::string_view sql) {
    TRY(Cursor cursor, connection_->prepare(sql));
    TRY(const bool row, cursor.step());
    static_cast<void>(row);
    return {};
}

void Writer::roll_back() {
    if (connection_->in_transaction()) {
        if (const auto undone = execute("ROLLBACK"); !undone) {
            failed_ = true;
        }
    }
}

// When a sync failed, the group stands whole in the log, and the next start would take it for committed although it was
// refused (DU-04). Another commit in its place ends that, whether it lasts or not.
void Writer::write_over_the_rest() {
    static_cast<void>(execute("PRAGMA user_version = " + std::to_string(schema_version())));
}

void Writer::watch_for_failure() {
    if (connection_->has_fatal_failure() && !failed_.exchange(true)) {
        log::error("store_failed", {{"next_step", "look at the disk, then restart"}});
    }
}

// One post for each io_context, not for each job: waking a thread costs more than a job does.
void Writer::deliver(Jobs& jobs) {
    const auto has_home = [](const std::unique_ptr<Job>& job) { return job != nullptr && job->home() != nullptr; };
    for (std::size_t first = 0; first < jobs.size(); ++first) {
        if (jobs[first] == nullptr) {
            continue;
        }
        boost::asio::io_context* const home = jobs[first]->home();
        if (home == nullptr) {
            Job& job = *jobs[first];
            job.deliver(std::move(jobs[first]));
            continue;
        }
        Jobs batch;
        for (std::size_t i = first; i < jobs.size(); ++i) {
            if (has_home(jobs[i]) && jobs[i]->home() == home) {
                batch.push_back(std::move(jobs[i]));
            }
        }
        boost::asio::post(*home, [batch = std::move(batch)]() mutable {
            for (auto& job : batch) {
                Job& delivered = *job;
                delivered.deliver(std::move(job));
            }
        });
    }
}

// PASSIVE: moves what no reader still needs from the log; the next write starts the log anew when all was moved.
// Whatever it reached, the next attempt comes after as much growth again.
void Writer::checkpoint() {
    if (!healthy()) {
        return;
    }
    const int code =
        sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    ++checkpoints_;
    frames_at_checkpoint_ = log_frames_;
    if (code != SQLITE_OK && code != SQLITE_BUSY) {
        const Error error = connection_->failure(code);
        watch_for_failure();
        log::error("checkpoint_failed", {{"detail", error->detail}});
    }
}

int Writer::log_growth() const { return log_frames_ - frames_at_checkpoint_; }

int Writer::note_log_size(void* context, sqlite3*, const char*, int frames) {
    auto& writer = *static_cast<Writer*>(context);
    if (frames < writer.log_frames_) {  // the log began anew
        writer.frames_at_checkpoint_ = 0;
    }
    writer.log_frames_ = frames;
    return SQLITE_OK;
}

}  // namespace quell::store
