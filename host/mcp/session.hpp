// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "identity/principal.hpp"
#include "json/value.hpp"
#include "mcp/event_log.hpp"
#include "mcp/owner.hpp"

namespace quell::mcp {

// RFC 5424's severities, the least first.
enum class LogLevel { debug, info, notice, warning, error, critical, alert, emergency };
std::optional<LogLevel> parse_log_level(std::string_view text);

// A session of the older era (2025-11-25 and before), from `initialize` to DELETE: what the client can do, what it wants to
// hear, its streams, its calls in progress and the questions that it has not answered. Bound to the principal that opened
// it (MC-04). Any thread.
class Session {
  public:
    struct Setup {
        std::string id;
        identity::Principal owner;
        std::string version;
        json::Object capabilities;
    };
    explicit Session(Setup setup);

    const std::string& id() const { return setup_.id; }
    const std::string& version() const { return setup_.version; }
    const TenantId& tenant() const { return setup_.owner.tenant; }
    const identity::ScopeSet& scopes() const { return setup_.owner.scopes; }
    const json::Object& capabilities() const { return setup_.capabilities; }
    Owner owner() const { return owner_of(setup_.owner); }
    bool belongs_to(const identity::Principal& caller) const { return owner() == owner_of(caller); }
    // Streams can be taken up again, and begin with a priming event: 2025-11-25.
    bool can_resume() const;

    std::optional<LogLevel> log_level() const;
    void set_log_level(LogLevel level);
    // False: too many.
    bool subscribe(std::string uri);
    void unsubscribe(const std::string& uri);
    bool is_subscribed(const std::string& uri) const;

    // A new stream for one answer; null: too many at once.
    std::shared_ptr<EventLog> open_stream();
    // The stream of what belongs to no request.
    EventLog& standalone() { return standalone_; }
    std::shared_ptr<EventLog> find_stream(std::uint64_t number);

    // A call by the id that the client gave it, for notifications/cancelled; until forget_call.
    void note_call(const std::string& id, std::stop_source stop);
    void forget_call(const std::string& id);
    void cancel_call(const std::string& id);

    // A question that is sent to the client: its id, and where the answer goes (a result or an error, as JSON text; nothing if
    // the session ends first). take_answer: false if nobody asked.
    using Answered = std::function<void(std::optional<std::string> result)>;
    std::string note_question(Answered answered);
    bool take_answer(const std::string& id, std::optional<std::string> result);
    void forget_question(const std::string& id);

    void end();

    void touch(std::chrono::steady_clock::time_point now);
    std::chrono::steady_clock::time_point used_at() const;

  private:
    void drop_old_streams();

    const Setup setup_;
    EventLog standalone_;
    mutable std::mutex mutex_;  // guards what follows
    std::optional<LogLevel> log_level_;
    std::set<std::string> subscriptions_;
    std::size_t subscription_bytes_ = 0;
    std::map<std::uint64_t, std::shared_ptr<EventLog>> streams_;
    std::uint64_t next_stream_ = 1;
    std::map<std::string, std::stop_source> calls_;
    std::map<std::string, Answered> questions_;
    std::uint64_t next_question_ = 1;
    std::chrono::steady_clock::time_point used_at_;
};

}  // namespace quell::mcp
