// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <sys/types.h>

#include <atomic>
#include <csignal>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "json/value.hpp"
#include "plugins/backend.hpp"
#include "plugins/crash_history.hpp"
#include "plugins/frame_writer.hpp"
#include "plugins/plugin_log.hpp"
#include "plugins/runner/frame_reader.hpp"
#include "plugins/spawner.hpp"

namespace quell::plugins {

// One runner process, from its start to its end. Its frames are hostile input: a wrong type, an unknown call, a
// malformed head or an oversized frame ends the process and with it the calls in flight. One thread reads for all
// calls; each call is served by the worker that waits for it, its HTTP requests included.
class RunnerProcess {
  public:
    // An instance's word for MCP clients that belongs to no call; on the reader thread.
    using Notified = std::function<void(std::uint64_t instance, std::string_view event)>;

    struct Setup {
        std::uint64_t generation = 0;
        std::string manifest;  // what the plugin's own table must say as well
        PluginId plugin;
        std::shared_ptr<CrashHistory> crashes;  // told of an end that the host did not ask for
        Notified notified{};  // may be empty
    };
    RunnerProcess(SpawnedRunner spawned, Setup setup, PluginLog& log);
    ~RunnerProcess();
    RunnerProcess(const RunnerProcess&) = delete;
    RunnerProcess& operator=(const RunnerProcess&) = delete;

    std::uint64_t generation() const { return setup_.generation; }
    pid_t pid() const { return pid_; }

    enum class State { starting, ready, refused, ended };
    State state() const;
    std::string reason() const;  // of refused and ended
    json::Object sandbox() const;
    std::chrono::steady_clock::time_point ended_at() const;

    // Waits for the hello; false after `until`, or if the process has ended or refused.
    bool wait_until_ready(Deadline until);

    // Both block until the plugin has answered or the process has ended.
    Outcome create(Call& call);
    Outcome run(Call& call);

    // Ends the process if it is running this call.
    void kill_if_running(const Call& call);
    // Tells the plugin to destroy its instances and ends the process, by force if it does not go in time.
    void stop(const std::vector<std::uint64_t>& instances);

  private:
    struct Message {
        FrameType type{};
        json::Object head;
        std::string body;
    };
    struct Conversation {
        Call* call = nullptr;
        bool creating = false;
        std::condition_variable_any changed;
        std::optional<Message> message;
    };

    // On worker threads (runner_process.cpp).
    Outcome converse(Conversation& conversation, FrameType type, json::Object head, std::string_view body);
    Outcome listen(Conversation& conversation, std::uint64_t id);
    std::optional<Message> next_message(Conversation& conversation, std::uint64_t id, bool& cancel_sent);
    bool answer_http(Conversation& conversation, std::uint64_t id, Message message);
    void kill(std::string why);

    // On the reader thread (runner_reader.cpp). What returns text returns the rule that the frame breaks, or null.
    void read_until_end();
    const char* read_frames();
    bool wait_for_input();
    void read_output();
    const char* take(const Frame& frame);
    const char* take_hello(const Frame& frame, const json::Object& head);
    const char* take_log(const json::Object& head);
    const char* take_event(const Frame& frame, const json::Object& head);
    const char* deliver(const Frame& frame, json::Object head);
    void reap();
    std::optional<Crash> describe_end(const siginfo_t& info);

    const pid_t pid_;
    const Setup setup_;
    UniqueFd socket_;
    UniqueFd output_;
    PluginLog& log_;
    FrameWriter writer_;
    FrameReader reader_;
    std::string output_line_;
    std::string output_end_;  // the last bytes of all lines

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    State state_ = State::starting;
    bool stopping_ = false;
    bool reaped_ = false;  // the process is gone and its id may belong to another one
    std::string kill_reason_;
    std::string reason_;
    json::Object sandbox_;
    std::chrono::steady_clock::time_point ended_at_{};
    std::uint64_t next_id_ = 1;
    std::map<std::uint64_t, Conversation*> conversations_;

    std::thread thread_;
};

}  // namespace quell::plugins
