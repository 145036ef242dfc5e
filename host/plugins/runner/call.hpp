// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/abi.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "plugins/runner/channel.hpp"

namespace quell::runner {

// What the host said to an HTTP request.
struct HttpAnswer {
    Json head;
    std::string body;
};

}  // namespace quell::runner

// One invocation of a plugin's method or create. Lives on the stack of the worker that runs it.
// The plugin's threads and the reader may touch it at any time until it ends.
struct quell_call {
    using Clock = std::chrono::steady_clock;

    quell_call(quell::runner::Channel& to, const quell::runner::Json& head);

    void reply(std::string_view json);
    void reply_secret(std::string_view bytes);
    void fail(std::int32_t status, std::string_view message, const quell_error* more = nullptr);
    bool is_over();
    std::int32_t sleep(std::chrono::milliseconds duration);
    // Sends the request and waits for what the host says. Nothing if the request is too large to be sent.
    std::optional<quell::runner::HttpAnswer> http(const quell::runner::Json& head, std::string_view body);

    void cancel();
    void answer(quell::runner::HttpAnswer answer);
    bool has_outcome();
    // Sends the outcome, or that there was none.
    void finish();

    quell::runner::Channel& channel;
    const std::uint64_t id;
    const std::int64_t deadline_unix_ms;
    const bool read_only;
    const std::string request_id;

  private:
    void conclude(quell::plugins::FrameType type, quell::runner::Json head, std::string_view body);

    const Clock::time_point deadline_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool cancelled_ = false;
    bool second_ = false;
    std::optional<quell::runner::HttpAnswer> answer_;
    std::optional<quell::plugins::FrameType> outcome_;
    quell::runner::Json outcome_head_;
    std::string outcome_body_;
};

namespace quell::runner {

// The calls in progress by id, for the reader.
class Calls {
  public:
    void add(quell_call& call);
    void remove(std::uint64_t id);
    void cancel(std::uint64_t id);
    void answer(std::uint64_t id, HttpAnswer answer);

  private:
    std::mutex mutex_;
    std::map<std::uint64_t, quell_call*> calls_;
};

}  // namespace quell::runner
