// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "base/trace_context.hpp"
#include "egress/observer.hpp"
#include "plugins/mcp_event.hpp"
#include "plugins/outcome.hpp"

namespace quell::plugins {

using Deadline = std::chrono::steady_clock::time_point;

struct Instance;

// What a caller of a connector may say about one call. Not an aggregate: g++ 12 destroys a braced aggregate twice that
// is written inside a co_await expression; other aggregates are to be named variables there.
struct CallOptions {
    CallOptions() = default;

    Deadline deadline{};  // none: the plugin's call_timeout from now, which also caps it
    bool read_only = true;
    std::string request_id{};  // the order's id, shown to the plugin
    TraceContext trace{};      // goes into log lines and outgoing requests
    // Called before every acting HTTP request, on a worker thread; the request leaves only on success. It may block
    // until `sent` is durable (INTERFACES.md 1).
    std::function<Result<void>()> before_acting_request{};
    // Called after each HTTP request of the call, on the worker thread; says whether it may have reached the provider.
    std::function<void(const egress::RequestLine&)> request_finished{};
    std::stop_token cancel{};  // requested when the caller has gone
    // Told of what the plugin tells about this call; any thread, must not block. May come after the answer.
    std::function<void(McpEvent)> on_event{};
    // Gets the reply's text as the plugin wrote it, before the call is answered. For one caller and one call.
    std::shared_ptr<std::string> reply_text{};
    // Gets the values of a reply that is a secret document, in the order of its head's `fields`. As reply_text.
    std::shared_ptr<std::vector<SecretString>> secret_values{};
};

// What a call is made of. `capability` and `method` are literals of the typed interfaces and live for ever.
struct CallSetup {
    Instance& instance;
    std::string_view capability;  // "device_containment/1"
    std::string_view method;      // "resolve"
    std::string request;          // a JSON document, or a secret document
    CallOptions options{};
};

// One invocation of a plugin's method, seen from the host. Made by the connector, run by one worker thread; cancel()
// and is_over() are for any thread.
class Call {
  public:
    explicit Call(CallSetup setup);

    Instance& instance;
    const std::string_view capability;
    const std::string_view method;
    const SecretString request;  // wiped like a secret, since some are
    const CallOptions options;
    const std::int64_t deadline_unix_ms;

    Deadline deadline() const { return options.deadline; }
    // Cancelled, or past the deadline.
    bool is_over() const { return stop_.stop_requested() || std::chrono::steady_clock::now() >= options.deadline; }
    bool is_cancelled() const { return stop_.stop_requested(); }
    void cancel() { stop_.request_stop(); }
    std::stop_token token() const { return stop_.get_token(); }

    // Whether one more event may be told (kMostEvents a call). Any thread.
    bool may_tell() { return events_.fetch_add(1, std::memory_order_relaxed) < kMostEvents; }

    // Sleeps until the duration or the deadline has passed (true) or the call is cancelled (false).
    bool sleep(std::chrono::milliseconds duration) const;

    // The in-process plugin's result: the first counts. Any thread.
    void conclude(Outcome outcome);
    Outcome take_outcome();

  private:
    static constexpr unsigned kMostEvents = 10'000;

    std::atomic<unsigned> events_ = 0;
    std::stop_source stop_;
    std::mutex mutex_;
    std::optional<Outcome> outcome_;
};

}  // namespace quell::plugins
