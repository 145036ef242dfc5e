// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <array>
#include <atomic>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <unordered_set>

#include "http/message.hpp"

namespace quell::http {

// Leaves its list by itself.
using WaitingHook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

// The steady clock to a few milliseconds, which is near enough for deadlines that are looked at four times a second and
// spares every step of a request a look at the hardware.
std::chrono::steady_clock::time_point coarse_now();

// Answers by the hundreds of their status; a list for each I/O thread, which alone adds to it.
class AnswerCounts {
  public:
    void add(unsigned status);
    std::uint64_t of_class(unsigned hundreds) const { return counts_[hundreds].load(std::memory_order_relaxed); }

  private:
    std::array<std::atomic<std::uint64_t>, 6> counts_{};
};

// One open connection as the sweeper sees it: the deadline of its present step, and whether a call runs.
// Lives inside the connection's coroutine; belongs to the connection's I/O thread.
class Session final : public Watch, public WaitingHook {
  public:
    Session(int descriptor, AnswerCounts& answers) : descriptor_(descriptor), answers_(answers) {}

    void expect_within(std::chrono::steady_clock::duration step) {
        is_idle_ = false;
        deadline_ = coarse_now() + step;
    }
    // Until a request's header is there: nothing is lost if the connection ends.
    void expect_request_within(std::chrono::steady_clock::duration step) {
        expect_within(step);
        is_idle_ = true;
    }
    bool is_idle() const { return is_idle_; }
    void begin_call() {
        in_call_ = true;
        unlink();  // what runs a call is not closed to make room
    }
    void end_call();
    void answered(unsigned status) { answers_.add(status); }

    bool is_gone() const override { return gone_; }
    void on_gone(std::function<void()> notify) override { notify_ = std::move(notify); }

    // Ends the connection if its step took too long; notices a client that left during a call.
    void sweep(std::chrono::steady_clock::time_point now);
    void shut_down() const;

  private:
    bool peer_has_left() const;

    int descriptor_;
    AnswerCounts& answers_;
    bool in_call_ = false;
    bool is_idle_ = false;
    bool gone_ = false;
    std::chrono::steady_clock::time_point deadline_{};
    std::function<void()> notify_;
};

// Looks at all connections of one I/O thread four times a second, which is cheaper than a timer a connection
// (docs/PERFORMANCE.md), and not at all while there are none. One thread.
class Sweeper {
  public:
    explicit Sweeper(boost::asio::io_context& context) : timer_(context) {}

    void add(Session& session);
    void remove(Session& session) { sessions_.erase(&session); }
    std::size_t count() const { return sessions_.size(); }
    // The connection has no whole request for us yet; from the first such moment on it is next in line behind those
    // that wait longer.
    void wait(Session& session);
    // HT-11: closes the connection that has been waiting longest for its request. False if all are in a call.
    bool make_room();
    // Closes what is idle; a request whose header is there, a call and an answer on its way are finished first.
    void drain();
    bool draining() const { return draining_; }
    void stop() { timer_.cancel(); }

  private:
    void schedule();

    boost::asio::steady_timer timer_;
    std::unordered_set<Session*> sessions_;
    boost::intrusive::list<Session, boost::intrusive::base_hook<WaitingHook>, boost::intrusive::constant_time_size<false>>
        waiting_;  // the longest first
    bool scheduled_ = false;
    bool draining_ = false;
};

}  // namespace quell::http
