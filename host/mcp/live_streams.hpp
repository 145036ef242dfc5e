// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "http/stream.hpp"
#include "mcp/owner.hpp"

namespace quell::mcp {

// All open event streams with what lets their clients have them: the access token of the request. A stream is dropped within
// a second after its token, client or user was revoked (OA-21), and within ten after the token has expired. One timer.
// One owner may hold kMostOfOne, since each is a connection. add() and has_room() are for any thread.
class LiveStreams {
  public:
    using StillAllowed = std::function<bool()>;

    // `mark` changes with every revocation (identity::RevocationClock).
    explicit LiveStreams(std::function<std::uint64_t()> mark) : mark_(std::move(mark)) {}

    static constexpr std::size_t kMostOfOne = 1'000;

    void start(boost::asio::io_context& context);
    // False: the owner has too many that nobody waits for to end.
    bool has_room(const Owner& owner);
    void add(const Owner& owner, const std::shared_ptr<http::Stream>& stream, StillAllowed still_allowed);
    std::size_t count() const;
    // Drops what is not allowed any more, if there may be something; what the timer does.
    void look(std::chrono::steady_clock::time_point now);

  private:
    struct Entry {
        std::weak_ptr<http::Stream> stream;
        StillAllowed still_allowed;
    };
    using Entries = std::vector<Entry>;
    static bool is_over(const Entry& entry);
    void schedule();
    void drop_refused(const Owner& owner);

    const std::function<std::uint64_t()> mark_;
    std::optional<boost::asio::steady_timer> timer_;
    std::uint64_t seen_mark_ = 0;
    std::chrono::steady_clock::time_point looked_at_{};
    mutable std::mutex mutex_;  // guards entries_
    std::map<Owner, Entries> entries_;
};

}  // namespace quell::mcp
