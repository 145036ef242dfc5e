// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace quell::egress {

// Reads text/event-stream as its bytes come (HTML Living Standard 9.2.6). An event without data is not told of, but
// its id counts. Refuses, once and for all, an event of more than 16 MiB. One thread.
class EventStream {
  public:
    // Called with each event's data; lines are joined by a line feed.
    using OnData = std::function<void(std::string_view data)>;

    explicit EventStream(OnData on_data) : on_data_(std::move(on_data)) {}

    // False: the stream is refused.
    bool feed(std::string_view bytes);

    const std::string& last_id() const { return last_id_; }  // for Last-Event-ID; empty: none yet
    // How long to wait before the next try, if the server said so.
    const std::optional<std::chrono::milliseconds>& retry() const { return retry_; }

  private:
    void take_line();
    void take_field(std::string_view name, std::string_view value);
    void end_event();

    OnData on_data_;
    std::string line_;
    std::string data_;
    std::string id_;
    std::string last_id_;
    std::optional<std::chrono::milliseconds> retry_;
    bool has_data_ = false;
    bool after_return_ = false;  // the next line feed belongs to the carriage return before it
    bool at_start_ = true;
    bool refused_ = false;
};

}  // namespace quell::egress
