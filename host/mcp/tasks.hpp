// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "identity/principal.hpp"
#include "json/value.hpp"
#include "plugins/mcp_content.hpp"

namespace quell::mcp {

// Handles of work that goes on behind a call (extension io.modelcontextprotocol/tasks). A handle is a random name, known to
// the host alone with the plugin's continuation, good for its lifetime and for the principal that began the work; it gives
// nobody else anything. Nothing runs by itself: the plugin is asked when the client asks, and no more often than it wants.
// In memory: a restart ends all handles. Any thread.
class Tasks {
  public:
    enum class Status { working, input_required, completed, failed, cancelled };

    struct Begun {
        identity::Principal caller;
        ConnectorKey connector;
        std::string tool;
        bool read_only = false;
        json::Object capabilities;  // the client's
    };
    // The members of CreateTaskResult, as JSON text without braces; nothing where the principal has too many.
    std::optional<std::string> begin(Begun begun, const plugins::ContentReply& task, WallTime now);

    // What the plugin is to be asked, if it is time and nobody else is asking.
    struct Question {
        ConnectorKey connector;
        bool read_only = false;
        json::Object request;  // of continue_task
    };
    // False where the caller has no such task.
    bool knows(const identity::Principal& caller, const std::string& id, WallTime now);
    std::optional<Question> to_ask(const std::string& id, WallTime now);
    void answered(const std::string& id, const Result<plugins::ContentReply>& reply, WallTime now);
    // The members of DetailedTask, as JSON text without braces.
    std::string describe(const std::string& id) const;

    // Takes answers to questions that are open; ignores others.
    void update(const std::string& id, const json::Object& responses, WallTime now);
    // The continuation to cancel, if the task was still going.
    std::optional<Question> cancel(const std::string& id, WallTime now);

  private:
    struct Task {
        Begun begun;
        Status status = Status::working;
        std::string status_message;
        WallTime created_at{};
        WallTime updated_at{};
        WallTime ends_at{};
        Millis ttl{};
        Millis poll_after{};
        WallTime ask_at{};
        bool asking = false;
        std::string continuation;
        std::map<std::string, std::string> requests;  // open questions: JSON text by key
        json::Object responses;
        std::string outcome;  // the member `result` or `error` with its value
    };

    void make_room(WallTime now);
    bool make_room_for(const identity::Principal& caller);
    static std::string members(const std::string& id, const Task& task);
    static void apply(Task& task, const plugins::ContentReply& reply, WallTime now);
    static void settle(Task& task, Status status, std::string outcome, WallTime now);

    mutable std::mutex mutex_;
    std::unordered_map<std::string, Task> tasks_;
};

std::string_view to_string(Tasks::Status status);

}  // namespace quell::mcp
