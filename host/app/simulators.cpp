// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/simulators.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "json/parse.hpp"
#include "json/serialize.hpp"

extern char** environ;

namespace quell::app {
namespace {

constexpr std::chrono::seconds kStartWithin{15};
constexpr std::chrono::milliseconds kLookEvery{10};

Error cannot_start(std::string why) {
    return Error(Code::failed_precondition, "simulators_failed", "The provider simulators did not start: " + why + ".")
        .next_step("They need /usr/bin/python3 and Debian's python3-cryptography; --simulators names their folder.");
}

// A child with the pipe as standard input; stdout and stderr are ours. nullopt: spawn failed.
std::optional<pid_t> spawn(std::vector<std::string> words, int standard_input) {
    std::vector<char*> arguments;
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, standard_input, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);  // ours blocks SIGTERM
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    pid_t child = 0;
    const int failure = posix_spawn(&child, arguments[0], &actions, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failure == 0 ? std::optional(child) : std::nullopt;
}

std::string read_file(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

}  // namespace

Simulators::Simulators(Simulators&& other) noexcept
    : child_(std::exchange(other.child_, 0)),
      lifeline_(std::exchange(other.lifeline_, -1)),
      ready_(std::move(other.ready_)) {}

Simulators::~Simulators() {
    if (child_ > 0) {
        ::close(lifeline_);
        ::kill(child_, SIGTERM);
        ::waitpid(child_, nullptr, 0);
    }
}

bool Simulators::has_ended() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(child_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

Result<Simulators> Simulators::start(const std::filesystem::path& directory, const std::filesystem::path& scratch,
                                     const json::Object& okta_public_jwk, const std::string& slack_request_url) {
    const auto program = directory / "simulators.py", ready_file = scratch / "simulators.json";
    const auto key_file = scratch / "okta-public.jwk";
    if (!std::filesystem::exists(program)) {
        return cannot_start("there is no simulators.py in the given folder");
    }
    std::ofstream(key_file) << json::serialize(okta_public_jwk);
    int pipe_ends[2];
    if (::pipe2(pipe_ends, O_CLOEXEC) != 0) {
        return cannot_start("no pipe");
    }
    const auto child = spawn({"/usr/bin/python3", program.string(), "--ready-file", ready_file.string(), "--okta-jwk",
                              key_file.string(), "--slack-request-url", slack_request_url, "--exit-with-stdin"},
                             pipe_ends[0]);
    ::close(pipe_ends[0]);
    if (!child) {
        ::close(pipe_ends[1]);
        return cannot_start("/usr/bin/python3 could not be run");
    }
    Simulators simulators(*child, pipe_ends[1]);
    const auto give_up_at = std::chrono::steady_clock::now() + kStartWithin;
    while (!std::filesystem::exists(ready_file)) {
        if (simulators.has_ended() || std::chrono::steady_clock::now() > give_up_at) {
            return cannot_start("they ended, or were not ready in time; their output says why");
        }
        std::this_thread::sleep_for(kLookEvery);
    }
    TRY(json::Value ready, json::parse(read_file(ready_file)));
    simulators.ready_ = std::move(ready.as_object());
    return simulators;
}

}  // namespace quell::app
