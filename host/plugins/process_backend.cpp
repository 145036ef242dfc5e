// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/process_backend.hpp"

#include "plugins/instance.hpp"

namespace quell::plugins {
namespace {

constexpr std::chrono::milliseconds kFirstPause{500};
constexpr std::chrono::milliseconds kLongestPause{60'000};
constexpr std::chrono::seconds kHelloTimeout{5};

std::int64_t sandbox_number(const json::Object& report, std::string_view name) {
    const json::Value* value = report.if_contains(name);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

Error quarantined() {
    return Error(Code::unavailable, "connector_unavailable", "The connector's plugin crashed too often and is not started again.")
        .next_step("An administrator can look with `quell plugin status` and lift it with `quell plugin status --reset ID`.");
}

BackendStatus::State to_state(RunnerProcess::State state) {
    switch (state) {
        case RunnerProcess::State::starting:
            return BackendStatus::State::starting;
        case RunnerProcess::State::ready:
            return BackendStatus::State::ready;
        case RunnerProcess::State::refused:
            return BackendStatus::State::failed;
        default:
            return BackendStatus::State::stopped;
    }
}

}  // namespace

std::string_view to_string(BackendStatus::State state) {
    switch (state) {
        case BackendStatus::State::starting:
            return "starting";
        case BackendStatus::State::ready:
            return "ready";
        case BackendStatus::State::stopped:
            return "stopped";
        case BackendStatus::State::failed:
            return "failed";
        case BackendStatus::State::quarantined:
            return "quarantined";
        default:
            return "unhealthy";
    }
}

ProcessBackend::ProcessBackend(Setup setup, Spawner& spawner, PluginLog& log)
    : setup_(std::move(setup)), spawner_(spawner), log_(log), crashes_(std::make_shared<CrashHistory>(setup_.crashed)) {}

ProcessBackend::~ProcessBackend() { stop(); }

void ProcessBackend::start() {
    const std::lock_guard lock(mutex_);
    if (const auto spawned = spawn(); !spawned) {
        log::error("plugin_runner_not_started",
                   {{"plugin", setup_.plugin.str()}, {"reason", spawned.error()->detail}});
    }
}

Result<void> ProcessBackend::spawn() {
    TRY(SpawnedRunner spawned, spawner_.spawn({.plugin = setup_.plugin.str(),
                                               .sandbox = setup_.sandbox,
                                               .memory_mb = setup_.memory_mb,
                                               .threads = setup_.threads,
                                               .library = setup_.library.get()}));
    runner_ = std::make_shared<RunnerProcess>(
        std::move(spawned),
        RunnerProcess::Setup{.generation = ++generations_,
                             .manifest = setup_.manifest,
                             .plugin = setup_.plugin,
                             .crashes = crashes_,
                             .notified = setup_.notified},
        log_);
    end_noted_ = false;
    instances_.clear();
    return {};
}

std::chrono::milliseconds ProcessBackend::pause() const {
    return std::min(kLongestPause, kFirstPause * (1 << std::min(failures_ - 1, 7U)));
}

void ProcessBackend::note_end() {
    if (!end_noted_ && runner_ && runner_->state() == RunnerProcess::State::ended) {
        end_noted_ = true;
        ++failures_;
        not_before_ = runner_->ended_at() + pause();
    }
}

Result<ProcessBackend::Runner> ProcessBackend::current_or_new(Call& call) {
    for (;;) {
        std::chrono::steady_clock::time_point not_before;
        {
            const std::lock_guard lock(mutex_);
            note_end();
            if (stopped_) {
                return unavailable("The host is stopping.");
            }
            if (crashes_->is_quarantined()) {
                return quarantined();
            }
            if (runner_ && runner_->state() != RunnerProcess::State::ended) {
                return runner_;
            }
            if (std::chrono::steady_clock::now() >= not_before_) {
                TRY_VOID(spawn());
                return runner_;
            }
            not_before = not_before_;
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(not_before - std::chrono::steady_clock::now());
        if (not_before >= call.deadline()) {
            return unavailable("The plugin's process has ended and is started again in a moment.", left.count());
        }
        if (!call.sleep(left)) {
            return call_cancelled();
        }
    }
}

ProcessBackend::Runner ProcessBackend::ready_runner(Call& call, Outcome& refusal) {
    auto runner = current_or_new(call);
    if (!runner) {
        refusal = Outcome::lost(runner.error()->message, runner.error()->retry_after_seconds * 1000);
        return nullptr;
    }
    const auto until = std::min(call.deadline(), std::chrono::steady_clock::now() + kHelloTimeout);
    if ((*runner)->wait_until_ready(until)) {
        return *runner;
    }
    refusal = Outcome::lost((*runner)->state() == RunnerProcess::State::refused
                                ? "The plugin is not loaded; `quell plugin list` says why."
                                : "The plugin's process could not be started.");
    return nullptr;
}

bool ProcessBackend::make_instance(RunnerProcess& runner, Call& call, Outcome& refusal) {
    Instance& instance = call.instance;
    const std::unique_lock made(instance.create, call.deadline());
    if (!made) {
        refusal = {.kind = Outcome::Kind::failure,
                   .failure = {.status = Code::deadline_exceeded,
                               .message = "The plugin did not take the connector's settings in time."}};
        return false;
    }
    if (instance.generation == runner.generation()) {
        return true;
    }
    Outcome outcome = runner.create(call);
    if (outcome.kind != Outcome::Kind::reply) {
        refusal = std::move(outcome);
        return false;
    }
    instance.generation = runner.generation();
    const std::lock_guard own(mutex_);
    if (runner_.get() == &runner) {
        instances_.push_back(instance.id);
    }
    return true;
}

Outcome ProcessBackend::run(Call& call) {
    Outcome refusal;
    const Runner runner = ready_runner(call, refusal);
    if (!runner || !make_instance(*runner, call, refusal)) {
        return refusal;
    }
    Outcome outcome = runner->run(call);
    if (outcome.kind != Outcome::Kind::lost) {
        const std::lock_guard lock(mutex_);
        failures_ = 0;
    }
    return outcome;
}

void ProcessBackend::give_up(Call& call) {
    Runner runner;
    {
        const std::lock_guard lock(mutex_);
        runner = runner_;
    }
    if (runner) {
        runner->kill_if_running(call);
    }
}

BackendStatus ProcessBackend::status() const {
    const std::lock_guard lock(mutex_);
    BackendStatus status;
    status.history = crashes_->summary();
    if (!runner_) {
        return status;
    }
    const json::Object sandbox = runner_->sandbox();
    const json::Value* seccomp = sandbox.if_contains("seccomp");
    status.state = to_state(runner_->state());
    status.reason = runner_->reason();
    status.landlock_abi = static_cast<int>(sandbox_number(sandbox, "landlock"));
    status.seccomp = seccomp != nullptr && seccomp->is_bool() && seccomp->get_bool();
    status.memory_mb = static_cast<std::uint64_t>(std::max<std::int64_t>(0, sandbox_number(sandbox, "memory_mb")));
    status.pid = runner_->pid();
    status.restarts = generations_ - 1;
    if (status.history.quarantined_since) {
        status.state = BackendStatus::State::quarantined;
    }
    return status;
}

bool ProcessBackend::lift_quarantine() {
    if (!crashes_->lift()) {
        return false;
    }
    const std::lock_guard lock(mutex_);
    note_end();
    failures_ = 0;
    not_before_ = {};
    return true;
}

bool ProcessBackend::stop() {
    Runner runner;
    std::vector<std::uint64_t> instances;
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        runner.swap(runner_);
        instances.swap(instances_);
    }
    if (runner && runner->state() != RunnerProcess::State::ended) {
        runner->stop(instances);
    }
    return true;
}

}  // namespace quell::plugins
