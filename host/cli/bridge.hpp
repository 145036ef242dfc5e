// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "cli/bridge_message.hpp"
#include "cli/bridge_tools.hpp"
#include "egress/event_stream.hpp"
#include "egress/live_request.hpp"

namespace quell::cli {

// Where a bridge leads, and as whom.
struct BridgeOptions {
    egress::Url url;
    std::string api_key;
    std::string ca_file{};  // empty: the system's certificate authorities
};

// The way from a desktop client, which speaks MCP over stdin and stdout, to a host that speaks it over HTTP (L02). It
// forwards messages of both eras as they are and adds what HTTP wants: the key, the protocol version, the session id.
// A request has a thread of its own; what has no answer is sent in order, before the next message is looked at, and so
// is given up where the host does not take it in time.
// Whatever fails becomes a JSON-RPC error for the request it belongs to, or a line for `log`.
class Bridge {
  public:
    // Each called with one line without its end, from any thread, one at a time.
    using Line = std::function<void(std::string_view)>;

    Bridge(BridgeOptions options, Line to_client, Line log)
        : options_(std::move(options)), to_client_(std::move(to_client)), log_(std::move(log)) {}
    ~Bridge() { finish(std::chrono::seconds(0)); }
    Bridge(const Bridge&) = delete;
    Bridge& operator=(const Bridge&) = delete;

    void take(std::string_view line);
    // The client has said its last word: answers that are under way get `patience`, streams end, the session too.
    void finish(std::chrono::seconds patience);

  private:
    struct Call {
        BridgeMessage message;
        bool done = false;
        std::jthread thread{};
    };
    // What became of one HTTP exchange.
    struct Outcome {
        egress::HttpResponse answer{};  // its body only if it is no stream
        bool is_stream = false;
        bool was_answered = false;  // the stream held the answer to the request
        std::string last_id{};
        std::optional<std::chrono::milliseconds> retry{};
    };

    void start(BridgeMessage message);
    bool cancel(const std::string& id);
    void reap();
    void exchange(const BridgeMessage& message, const std::stop_token& stop);
    bool resume(const BridgeMessage& message, Outcome outcome, const std::stop_token& stop);
    void listen(const std::stop_token& stop);
    // `id`: of the request whose answer ends it, else empty; `within`: the longest that it may take, 0 for ever.
    Result<Outcome> send(egress::HttpRequest request, const std::string& id, const std::stop_token& stop,
                         std::chrono::seconds within = {});
    void learn_tools(const BridgeMessage& call, const std::stop_token& stop);
    void settle(const BridgeMessage& message, const Outcome& outcome);
    void heed(const BridgeMessage& message, std::string_view answer);
    void remember(const BridgeMessage& message, const Outcome& outcome);
    void fail(const BridgeMessage& message, int code, std::string_view why);
    void say(std::string_view line);
    void note(std::string_view text);

    egress::HttpRequest post(const BridgeMessage& message);
    egress::HttpRequest in_session(std::string method, const std::string& last_id);
    std::string session();
    bool wait(std::chrono::milliseconds time, const std::stop_token& stop);

    const BridgeOptions options_;
    const Line to_client_;
    const Line log_;

    std::mutex saying_;  // one line at a time
    std::mutex mutex_;   // guards what follows
    std::condition_variable_any changed_;
    std::list<Call> calls_;
    std::string session_;  // of the older era
    std::string version_;  // agreed on at initialize

    BridgeTools tools_;

    std::jthread listener_;  // of the thread that calls take()
};

}  // namespace quell::cli
