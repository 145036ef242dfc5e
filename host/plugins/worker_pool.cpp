// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/worker_pool.hpp"

#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <thread>

#include "base/log.hpp"
#include "plugins/instance.hpp"

namespace quell::plugins {
namespace {

constexpr std::chrono::milliseconds kAnswerAfter{500};
constexpr std::chrono::milliseconds kGiveUpAfter{2'000};
constexpr std::chrono::milliseconds kStopPolitely{500};
constexpr std::chrono::seconds kStopByForce{2};

using JobPointer = std::shared_ptr<Job>;

Deadline next_look(const Job& job) {
    switch (job.stage) {
        case Job::Stage::in_time:
            return job.call.deadline();
        case Job::Stage::cancelled:
            return job.call.deadline() + kAnswerAfter;
        case Job::Stage::answered:
            return job.call.deadline() + kGiveUpAfter;
        default:
            return Deadline::max();
    }
}

}  // namespace

struct WorkerPool::State : std::enable_shared_from_this<WorkerPool::State> {
    State(Options given, Work run_job, Work give_up_job)
        : options(given), run(std::move(run_job)), give_up(std::move(give_up_job)) {}

    const Options options;
    const Work run;
    const Work give_up;

    std::mutex mutex;  // guards what follows
    std::condition_variable wake;
    std::condition_variable changed;
    std::deque<JobPointer> queue;
    std::list<JobPointer> running;
    std::size_t threads = 0;
    std::size_t idle = 0;
    bool waking = false;  // an idle worker has been told and has not come yet
    bool stopping = false;

    bool refuses() const { return stopping || queue.size() >= options.queue; }
    bool add(JobPointer job);
    void start_thread();
    bool call_worker();
    bool claim_wake();
    void work();
    JobPointer take();
    void finish(std::list<JobPointer>::iterator place);
    Deadline look(Deadline now);
    void advance(const JobPointer& job, Deadline now, std::vector<JobPointer>& late, std::vector<JobPointer>& lost);
};

// True: the caller wakes a worker, without the mutex (which the worker needs at once).
bool WorkerPool::State::add(JobPointer job) {
    queue.push_back(std::move(job));
    return call_worker();
}

// Whoever leaves a job in the queue sees to the next worker: an idle one is to be woken (true), or one is started.
bool WorkerPool::State::call_worker() {
    if (idle == 0 && threads < options.workers) {
        start_thread();
    }
    return claim_wake();
}

// One at a time, each waking the next if there is more to do: short calls then cost a fraction of a wake-up each.
bool WorkerPool::State::claim_wake() { return idle > 0 && !std::exchange(waking, true); }

void WorkerPool::State::start_thread() {
    try {
        std::thread([self = shared_from_this()] { self->work(); }).detach();
        ++threads;
    } catch (const std::system_error& failure) {
        // The job waits for another worker, or for its deadline.
        log::error("plugin_worker_not_started", {{"reason", failure.what()}});
    }
}

// The first job that may run now, in order. Jobs whose caller has gone are dropped on the way.
JobPointer WorkerPool::State::take() {
    for (auto job = queue.begin(); job != queue.end();) {
        if ((*job)->is_answered()) {
            job = queue.erase(job);
        } else if (options.serial && (*job)->call.instance.busy) {
            ++job;
        } else {
            JobPointer taken = std::move(*job);
            queue.erase(job);
            taken->call.instance.busy = true;
            return taken;
        }
    }
    return nullptr;
}

void WorkerPool::State::finish(std::list<JobPointer>::iterator place) {
    (*place)->call.instance.busy = false;
    running.erase(place);
    if (options.serial && !queue.empty()) {
        wake.notify_all();  // a job that waited for this instance
    }
}

void WorkerPool::State::work() {
    std::unique_lock lock(mutex);
    while (!stopping) {
        JobPointer job = take();
        if (!job) {
            ++idle;
            wake.wait(lock);
            --idle;
            waking = false;
            continue;
        }
        const bool wake_next = !queue.empty() && call_worker();
        const auto place = running.insert(running.end(), job);
        lock.unlock();
        if (wake_next) {
            wake.notify_one();
        }
        run(*job);
        lock.lock();
        finish(place);
        lock.unlock();
        job.reset();  // may be the last one to hold the plugin
        lock.lock();
    }
    --threads;
    changed.notify_all();
}

void WorkerPool::State::advance(const JobPointer& job, Deadline now, std::vector<JobPointer>& late,
                                std::vector<JobPointer>& lost) {
    if (job->stage == Job::Stage::in_time && now >= next_look(*job)) {
        job->stage = Job::Stage::cancelled;
        job->call.cancel();
    }
    if (job->stage == Job::Stage::cancelled && now >= next_look(*job)) {
        job->stage = Job::Stage::answered;
        late.push_back(job);
    }
    if (job->stage == Job::Stage::answered && now >= next_look(*job)) {
        job->stage = Job::Stage::given_up;
        lost.push_back(job);
    }
}

Deadline WorkerPool::State::look(Deadline now) {
    std::vector<JobPointer> late;
    std::vector<JobPointer> lost;
    Deadline next = Deadline::max();
    {
        const std::lock_guard lock(mutex);
        for (const JobPointer& job : running) {
            advance(job, now, late, lost);
            next = std::min(next, next_look(*job));
        }
        for (const JobPointer& job : queue) {
            if (now >= job->call.deadline()) {
                late.push_back(job);  // a worker drops it when it comes by
            } else {
                next = std::min(next, job->call.deadline());
            }
        }
    }
    for (const JobPointer& job : late) {
        job->answer(deadline_exceeded());
    }
    for (const JobPointer& job : lost) {
        give_up(*job);
    }
    return next;
}

WorkerPool::WorkerPool(Options options, Work run, Work give_up, Watchdog& watchdog)
    : state_(std::make_shared<State>(options, std::move(run), std::move(give_up))), watchdog_(watchdog) {
    watchdog.add([state = std::weak_ptr<State>(state_)](Deadline now) {
        const auto held = state.lock();
        return held ? held->look(now) : Deadline::max();
    });
}

WorkerPool::~WorkerPool() { stop(); }

void WorkerPool::submit(std::shared_ptr<Job> job) {
    if (add(std::move(job))) {
        wake();
    }
}

void WorkerPool::wake() { state_->wake.notify_one(); }

bool WorkerPool::add(std::shared_ptr<Job> job) {
    const Deadline deadline = job->call.deadline();
    bool wake_worker = false;
    {
        const std::lock_guard lock(state_->mutex);
        if (!state_->refuses()) {
            wake_worker = state_->add(std::move(job));
        }
    }
    if (job) {
        job->answer(unavailable("Too many calls wait for this plugin; try again in a moment.", 1000));
        return false;
    }
    watchdog_.wake_at(deadline);
    return wake_worker;
}

bool WorkerPool::stop() {
    const auto gone = [this] { return state_->threads == 0; };
    std::unique_lock lock(state_->mutex);
    if (std::exchange(state_->stopping, true)) {
        return state_->threads == 0;
    }
    std::vector<JobPointer> waiting(state_->queue.begin(), state_->queue.end());
    std::vector<JobPointer> running(state_->running.begin(), state_->running.end());
    state_->queue.clear();
    lock.unlock();
    state_->wake.notify_all();
    for (const auto* jobs : {&waiting, &running}) {
        for (const JobPointer& job : *jobs) {
            job->call.cancel();
            job->answer(unavailable("The host is stopping."));
        }
    }
    lock.lock();
    if (state_->changed.wait_for(lock, kStopPolitely, gone)) {
        return true;
    }
    running.assign(state_->running.begin(), state_->running.end());
    lock.unlock();
    for (const JobPointer& job : running) {
        state_->give_up(*job);
    }
    lock.lock();
    return state_->changed.wait_for(lock, kStopByForce, gone);
}

}  // namespace quell::plugins
