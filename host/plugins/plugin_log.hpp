// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/log.hpp"

namespace quell::plugins {

struct Instance;

// The log lines of one plugin: at most 100 a second and 8 KiB each; what is dropped is counted in the next line that
// gets through. Any thread.
class PluginLog {
  public:
    explicit PluginLog(PluginId plugin) : plugin_(std::move(plugin)) {}

    struct Line {
        std::int32_t level = 0;  // QUELL_LOG_...
        std::string_view message;
        std::string_view fields;  // a JSON object, or empty; anything else is logged as text
        const Instance* instance = nullptr;
        std::string_view request_id;
        std::string_view trace_id;
    };
    void write(const Line& line);

    // One line of the runner's standard output or error.
    void output(std::string_view line);
    // What the plugin did against the rules of abi.h.
    void misuse(std::string_view what, const Instance* instance);

  private:
    bool admit(std::int64_t& dropped);
    void emit(log::Level level, std::string_view event, log::Fields fields);

    const PluginId plugin_;
    std::mutex mutex_;
    std::chrono::steady_clock::time_point window_{};
    int lines_ = 0;
    std::int64_t dropped_ = 0;
};

}  // namespace quell::plugins
