// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/spawner.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>

#include <array>
#include <csignal>
#include <cstring>
#include <future>

#include "plugins/outcome.hpp"

namespace quell::plugins {
namespace {

constexpr int kHostEnds = 5;   // the first descriptor that the runner must not have
constexpr int kSafeFrom = 64;  // beyond every descriptor that the child's own dup2 calls write to

// The child's dup2 calls would overwrite a descriptor that lies in their way.
UniqueFd moved_up(const UniqueFd& fd) { return UniqueFd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, kSafeFrom)); }

struct Ends {
    UniqueFd host;
    UniqueFd runner;
};

Ends socket_pair() {
    std::array<int, 2> ends = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return {};
    }
    return {UniqueFd(ends[0]), moved_up(UniqueFd(ends[1]))};
}

Ends pipe_pair() {
    std::array<int, 2> ends = {-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return {};
    }
    return {UniqueFd(ends[0]), moved_up(UniqueFd(ends[1]))};
}

class SpawnActions {
  public:
    SpawnActions(int output, int socket, int library) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions_, output, 1);
        ::posix_spawn_file_actions_adddup2(&actions_, output, 2);
        ::posix_spawn_file_actions_adddup2(&actions_, socket, 3);
        ::posix_spawn_file_actions_adddup2(&actions_, library, 4);
        ::posix_spawn_file_actions_addclosefrom_np(&actions_, kHostEnds);
        ::posix_spawnattr_init(&attributes_);
        set_attributes();
    }
    ~SpawnActions() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;

    const posix_spawn_file_actions_t* files() const { return &actions_; }
    const posix_spawnattr_t* attributes() const { return &attributes_; }

  private:
    // Default signals, none blocked; a process group of its own, so that Ctrl-C at a terminal reaches only the host.
    void set_attributes() {
        sigset_t all;
        sigset_t none;
        ::sigfillset(&all);
        ::sigemptyset(&none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        ::posix_spawnattr_setflags(&attributes_,
                                   POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    }

    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

}  // namespace

Spawner::Spawner(std::filesystem::path runner) : runner_(std::move(runner)), thread_([this] { work(); }) {}

Spawner::~Spawner() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void Spawner::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
        if (tasks_.empty()) {
            return;
        }
        const auto task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        task();
        lock.lock();
    }
}

Result<SpawnedRunner> Spawner::spawn(const Request& request) {
    std::promise<Result<SpawnedRunner>> promise;
    auto future = promise.get_future();
    {
        const std::lock_guard lock(mutex_);
        tasks_.push_back([&] { promise.set_value(start(request)); });
    }
    wake_.notify_one();
    return future.get();
}

Result<SpawnedRunner> Spawner::start(const Request& request) const {
    Ends socket = socket_pair();
    Ends output = pipe_pair();
    const UniqueFd library(::fcntl(request.library, F_DUPFD_CLOEXEC, kSafeFrom));
    if (!socket.runner.valid() || !output.runner.valid() || !library.valid()) {
        return unavailable("The host has no descriptors left for the plugin's runner.");
    }
    const SpawnActions actions(output.runner.get(), socket.runner.get(), library.get());
    std::array<std::string, 6> words = {runner_.filename().string(),        request.plugin,
                                        std::to_string(::getpid()),         request.sandbox,
                                        std::to_string(request.memory_mb),  std::to_string(request.threads)};
    std::array<char*, 7> arguments{};
    std::transform(words.begin(), words.end(), arguments.begin(), [](std::string& word) { return word.data(); });
    char* environment[] = {nullptr};
    SpawnedRunner spawned;
    const int failure = ::posix_spawn(&spawned.pid, runner_.c_str(), actions.files(), actions.attributes(),
                                      arguments.data(), environment);
    if (failure != 0) {
        return Error(unavailable("The plugin's runner could not be started."))
            .detail(runner_.string() + ": " + std::strerror(failure));
    }
    spawned.socket = std::move(socket.host);
    spawned.output = std::move(output.host);
    return spawned;
}

}  // namespace quell::plugins
