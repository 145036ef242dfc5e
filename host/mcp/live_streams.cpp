// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/live_streams.hpp"

#include <numeric>

namespace quell::mcp {
namespace {

constexpr std::chrono::milliseconds kLookEvery{500};
constexpr std::chrono::seconds kLookForExpiryEvery{10};

}  // namespace

bool LiveStreams::is_over(const Entry& entry) {
    const auto stream = entry.stream.lock();
    return !stream || stream->is_over();
}

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

bool LiveStreams::has_room(const Owner& owner) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(owner);
    if (found == entries_.end() || found->second.size() < kMostOfOne) {
        return true;
    }
    std::erase_if(found->second, is_over);
    return found->second.size() < kMostOfOne;
}

void LiveStreams::add(const Owner& owner, const std::shared_ptr<http::Stream>& stream, StillAllowed still_allowed) {
    const std::lock_guard lock(mutex_);
    entries_[owner].push_back({stream, std::move(still_allowed)});
}

std::size_t LiveStreams::count() const {
    const std::lock_guard lock(mutex_);
    return std::accumulate(entries_.begin(), entries_.end(), std::size_t{0},
                           [](std::size_t sum, const auto& entry) { return sum + entry.second.size(); });
}

void LiveStreams::look(std::chrono::steady_clock::time_point now) {
    const std::uint64_t mark = mark_();
    if (mark == seen_mark_ && now < looked_at_ + kLookForExpiryEvery) {
        return;
    }
    seen_mark_ = mark;
    looked_at_ = now;
    std::vector<Owner> owners;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [owner, entries] : entries_) {
            owners.push_back(owner);
        }
    }
    for (const Owner& owner : owners) {
        drop_refused(owner);
    }
}

// Each question is a look into the store, so other threads must not wait for the answers.
void LiveStreams::drop_refused(const Owner& owner) {
    Entries entries;
    {
        const std::lock_guard lock(mutex_);
        entries = entries_[owner];
    }
    std::erase_if(entries, [](const Entry& entry) { return is_over(entry) || entry.still_allowed(); });
    for (const Entry& refused : entries) {
        if (const auto stream = refused.stream.lock()) {
            stream->drop();
        }
    }
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(owner);
    std::erase_if(found->second, is_over);
    if (found->second.empty()) {
        entries_.erase(found);
    }
}

}  // namespace quell::mcp
