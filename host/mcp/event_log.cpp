// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/event_log.hpp"

#include <utility>

namespace quell::mcp {
namespace {

constexpr std::chrono::milliseconds kComeBackAfter{500};

}  // namespace

bool EventLog::attach(std::shared_ptr<http::Stream> stream, std::optional<std::uint64_t> last_seen) {
    std::shared_ptr<http::Stream> before;
    {
        const std::lock_guard lock(mutex_);
        const std::uint64_t next = first_ + events_.size();
        const std::uint64_t after = last_seen.value_or(first_ - 1);
        if (after + 1 < first_ || after >= next) {
            return false;
        }
        if (primed_ && (!last_seen || after == 0)) {
            stream->send(sse_retry(kComeBackAfter) + sse_priming({number_, after}));
        }
        for (std::uint64_t number = after + 1; number < next; ++number) {
            stream->send(events_[static_cast<std::size_t>(number - first_)]);
        }
        if (finished_) {
            stream->end();
        }
        before = std::exchange(stream_, std::move(stream));
    }
    if (before) {
        before->end();
    }
    return true;
}

void EventLog::append(std::string_view message) {
    events_.push_back(sse_event(message, EventId{number_, first_ + events_.size()}));
    bytes_ += events_.back().size();
    if (stream_) {
        stream_->send(events_.back());
    }
    while (events_.size() > 1 && (events_.size() > kMostEvents || bytes_ > kMostBytes)) {
        bytes_ -= events_.front().size();
        events_.pop_front();
        ++first_;
    }
}

void EventLog::add(std::string_view message) {
    const std::lock_guard lock(mutex_);
    if (!finished_) {
        append(message);
    }
}

void EventLog::finish(std::string_view message) {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(finished_, true)) {
        append(message);
        finished_at_ = std::chrono::steady_clock::now();
        if (stream_) {
            stream_->end();
        }
    }
}

void EventLog::let_go() {
    const std::lock_guard lock(mutex_);
    if (const auto stream = std::exchange(stream_, nullptr)) {
        stream->send(sse_retry(kComeBackAfter));
        stream->end();
    }
}

void EventLog::end() {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    if (const auto stream = std::exchange(stream_, nullptr)) {
        stream->end();
    }
}

bool EventLog::is_finished() const {
    const std::lock_guard lock(mutex_);
    return finished_;
}

bool EventLog::has_client() const {
    const std::lock_guard lock(mutex_);
    return stream_ && !stream_->is_over();
}

std::chrono::steady_clock::time_point EventLog::finished_at() const {
    const std::lock_guard lock(mutex_);
    return finished_at_;
}

}  // namespace quell::mcp
