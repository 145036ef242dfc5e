// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

namespace quell::plugins {

class Call;
struct Instance;

// What a plugin tells MCP clients besides its replies (sdk/schema/mcp_content-1.event.json).
struct McpEvent {
    enum class Kind {
        progress,
        log,
        close_stream,
        tools_changed,
        prompts_changed,
        resources_changed,
        resource_updated
    };
    Kind kind{};
    std::string document;  // JSON text of the event, valid by its schema

    bool belongs_to_call() const { return kind <= Kind::close_stream; }
};

// How many changes an instance may tell: a few at once, then a few a second. Any thread.
class McpEventBudget {
  public:
    bool take(std::chrono::steady_clock::time_point now);

  private:
    std::mutex mutex_;
    double left_ = 20;
    std::chrono::steady_clock::time_point filled_at_{};
};

// Checks an event and hands it to the call (progress, log, close_stream) or to whom the instance tells its changes.
// One that is malformed, belongs to no call or is one too many is dropped; the plugin's log says so. Any thread.
void tell(Instance& instance, Call* call, std::string_view event);

}  // namespace quell::plugins
