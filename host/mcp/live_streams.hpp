// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "http/stream.hpp"

namespace quell::mcp {

// All open event streams with what lets their clients have them: the access token of the request. A stream is dropped within
// a second after its token, client or user was revoked (OA-21), and within ten after the token has expired. One timer.
// add() is for any thread.
class LiveStreams {
  public:
    using StillAllowed = std::function<bool()>;

    // `mark` changes with every revocation (identity::RevocationClock).
    explicit LiveStreams(std::function<std::uint64_t()> mark) : mark_(std::move(mark)) {}

    void start(boost::asio::io_context& context);
    void add(const std::shared_ptr<http::Stream>& stream, StillAllowed still_allowed);
    std::size_t count() const;
    // Drops what is not allowed any more, if there may be something; what the timer does.
    void look(std::chrono::steady_clock::time_point now);

  private:
    struct Entry {
        std::weak_ptr<http::Stream> stream;
        StillAllowed still_allowed;
    };
    void schedule();

    const std::function<std::uint64_t()> mark_;
    std::optional<boost::asio::steady_timer> timer_;
    std::uint64_t seen_mark_ = 0;
    std::chrono::steady_clock::time_point looked_at_{};
    mutable std::mutex mutex_;  // guards entries_
    std::vector<Entry> entries_;
};

}  // namespace quell::mcp
