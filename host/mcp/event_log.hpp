// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "http/stream.hpp"
#include "mcp/sse.hpp"

namespace quell::mcp {

// One event stream of a session (2025-11-25), with its last events kept so that a client that lost the connection can take
// it up where it was (Last-Event-ID). Bounded; what is too old is gone. Any thread.
class EventLog {
  public:
    // `primed`: begins with an event that only tells an id; clients before 2025-11-25 do not know it.
    EventLog(std::uint64_t number, bool primed) : number_(number), primed_(primed) {}

    // Sends to this connection from now on, first what came after the event `after`, or all that is kept; the connection before it
    // ends. False if events after `after` are gone.
    bool attach(std::shared_ptr<http::Stream> stream, std::optional<std::uint64_t> after = {});
    void add(std::string_view message);
    // The last message; the stream ends with it.
    void finish(std::string_view message);
    // Lets the client go; it is to come back after a while.
    void let_go();
    // The session is over.
    void end();
    bool is_finished() const;
    bool has_client() const;
    std::chrono::steady_clock::time_point finished_at() const;

  private:
    static constexpr std::size_t kMostEvents = 256;
    static constexpr std::size_t kMostBytes = 256 * 1024;

    void append(std::string_view message);

    const std::uint64_t number_;
    const bool primed_;
    mutable std::mutex mutex_;  // guards what follows
    std::deque<std::string> events_;  // the last ones, as they are sent; the first of them is number first_
    std::size_t bytes_ = 0;
    std::uint64_t first_ = 1;
    bool finished_ = false;
    std::chrono::steady_clock::time_point finished_at_{};
    std::shared_ptr<http::Stream> stream_;
};

}  // namespace quell::mcp
