// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/session.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace quell::mcp {
namespace {

constexpr std::size_t kMostSubscriptions = 1'000;
constexpr std::size_t kMostSubscriptionBytes = 64 * 1024;
constexpr std::size_t kMostStreams = 64;
constexpr std::chrono::minutes kKeepFinishedStreams{5};
constexpr std::string_view kResumable = "2025-11-25";

constexpr std::array<std::string_view, 8> kLevels = {"debug", "info",     "notice", "warning",
                                                     "error", "critical", "alert",  "emergency"};

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view text) {
    const auto found = std::find(kLevels.begin(), kLevels.end(), text);
    return found == kLevels.end() ? std::nullopt : std::optional(static_cast<LogLevel>(found - kLevels.begin()));
}

Session::Session(Setup setup)
    : setup_(std::move(setup)), standalone_(0, setup_.version >= kResumable), used_at_(std::chrono::steady_clock::now()) {}

// Versions are dates, so they compare as text.
bool Session::can_resume() const { return setup_.version >= kResumable; }

std::optional<LogLevel> Session::log_level() const {
    const std::lock_guard lock(mutex_);
    return log_level_;
}

void Session::set_log_level(LogLevel level) {
    const std::lock_guard lock(mutex_);
    log_level_ = level;
}

bool Session::subscribe(std::string uri) {
    const std::lock_guard lock(mutex_);
    if (subscriptions_.contains(uri)) {
        return true;
    }
    if (subscriptions_.size() >= kMostSubscriptions || subscription_bytes_ + uri.size() > kMostSubscriptionBytes) {
        return false;
    }
    subscription_bytes_ += uri.size();
    subscriptions_.insert(std::move(uri));
    return true;
}

void Session::unsubscribe(const std::string& uri) {
    const std::lock_guard lock(mutex_);
    subscription_bytes_ -= subscriptions_.erase(uri) * uri.size();
}

bool Session::is_subscribed(const std::string& uri) const {
    const std::lock_guard lock(mutex_);
    return subscriptions_.contains(uri);
}

// A finished stream is kept for a client that is still to come back for its end.
void Session::drop_old_streams() {
    const auto limit = std::chrono::steady_clock::now() - kKeepFinishedStreams;
    std::erase_if(streams_, [&](const auto& entry) {
        return entry.second->is_finished() && (entry.second->finished_at() < limit || streams_.size() > kMostStreams / 2);
    });
}

std::shared_ptr<EventLog> Session::open_stream() {
    const std::lock_guard lock(mutex_);
    drop_old_streams();
    if (streams_.size() >= kMostStreams) {
        return nullptr;
    }
    const std::uint64_t number = next_stream_++;
    return streams_.emplace(number, std::make_shared<EventLog>(number, can_resume())).first->second;
}

std::shared_ptr<EventLog> Session::find_stream(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    const auto found = streams_.find(number);
    return found == streams_.end() ? nullptr : found->second;
}

void Session::note_call(const std::string& id, std::stop_source stop) {
    const std::lock_guard lock(mutex_);
    calls_[id] = std::move(stop);
}

void Session::forget_call(const std::string& id) {
    const std::lock_guard lock(mutex_);
    calls_.erase(id);
}

void Session::cancel_call(const std::string& id) {
    std::stop_source stop(std::nostopstate);
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = calls_.find(id); found != calls_.end()) {
            stop = found->second;
        }
    }
    if (stop.stop_possible()) {
        stop.request_stop();
    }
}

std::string Session::note_question(Answered answered) {
    const std::lock_guard lock(mutex_);
    const std::string id = "\"quell-" + std::to_string(next_question_++) + "\"";
    questions_[id] = std::move(answered);
    return id;
}

bool Session::take_answer(const std::string& id, std::optional<std::string> result) {
    Answered answered;
    {
        const std::lock_guard lock(mutex_);
        const auto found = questions_.find(id);
        if (found == questions_.end()) {
            return false;
        }
        answered = std::move(found->second);
        questions_.erase(found);
    }
    answered(std::move(result));
    return true;
}

void Session::forget_question(const std::string& id) {
    const std::lock_guard lock(mutex_);
    questions_.erase(id);
}

void Session::end() {
    std::map<std::string, Answered> questions;
    std::map<std::string, std::stop_source> calls;
    std::map<std::uint64_t, std::shared_ptr<EventLog>> streams;
    {
        const std::lock_guard lock(mutex_);
        questions.swap(questions_);
        calls.swap(calls_);
        streams.swap(streams_);
    }
    for (auto& [id, answered] : questions) {
        answered(std::nullopt);
    }
    for (auto& [id, stop] : calls) {
        stop.request_stop();
    }
    for (const auto& [number, stream] : streams) {
        stream->end();
    }
    standalone_.end();
}

void Session::touch(std::chrono::steady_clock::time_point now) {
    const std::lock_guard lock(mutex_);
    used_at_ = now;
}

std::chrono::steady_clock::time_point Session::used_at() const {
    const std::lock_guard lock(mutex_);
    return used_at_;
}

}  // namespace quell::mcp
