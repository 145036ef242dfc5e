// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/live_streams.hpp"

namespace quell::mcp {
namespace {

constexpr std::chrono::milliseconds kLookEvery{500};
constexpr std::chrono::seconds kLookForExpiryEvery{10};

}  // namespace

void LiveStreams::start(boost::asio::io_context& context) {
    timer_.emplace(context);
    schedule();
}

void LiveStreams::schedule() {
    timer_->expires_after(kLookEvery);
    timer_->async_wait([this](boost::system::error_code failure) {
        if (!failure) {
            look(std::chrono::steady_clock::now());
            schedule();
        }
    });
}

void LiveStreams::add(const std::shared_ptr<http::Stream>& stream, StillAllowed still_allowed) {
    const std::lock_guard lock(mutex_);
    entries_.push_back({stream, std::move(still_allowed)});
}

std::size_t LiveStreams::count() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
}

void LiveStreams::look(std::chrono::steady_clock::time_point now) {
    const std::uint64_t mark = mark_();
    if (mark == seen_mark_ && now < looked_at_ + kLookForExpiryEvery) {
        return;
    }
    seen_mark_ = mark;
    looked_at_ = now;
    std::vector<std::shared_ptr<http::Stream>> to_drop;
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(entries_, [&](const Entry& entry) {
            const auto stream = entry.stream.lock();
            if (!stream || stream->is_over()) {
                return true;
            }
            if (entry.still_allowed()) {
                return false;
            }
            to_drop.push_back(stream);
            return true;
        });
    }
    for (const auto& stream : to_drop) {
        stream->drop();
    }
}

}  // namespace quell::mcp
