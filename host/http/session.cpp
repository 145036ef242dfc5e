// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/session.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <time.h>

namespace quell::http {
namespace {

constexpr std::chrono::milliseconds kSweepEvery{250};

}  // namespace

std::chrono::steady_clock::time_point coarse_now() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return std::chrono::steady_clock::time_point(std::chrono::seconds(now.tv_sec) +
                                                 std::chrono::nanoseconds(now.tv_nsec));
}

// One writer, so no locked addition.
void AnswerCounts::add(unsigned status) {
    auto& count = counts_[status / 100 < counts_.size() ? status / 100 : 0];
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

void Session::end_call() {
    in_call_ = false;
    notify_ = nullptr;
}

void Session::sweep(std::chrono::steady_clock::time_point now) {
    if (!in_call_) {
        if (now > deadline_) {
            shut_down();
        }
        return;
    }
    if (!gone_ && peer_has_left()) {
        gone_ = true;
        if (const auto notify = std::exchange(notify_, nullptr)) {
            notify();
        }
    }
}

// The FIN or reset is seen even while unread bytes wait before it (a pipelined request, TLS close_notify).
// A client that only closes its sending half counts as gone: MCP clients do not, and the spec calls it a cancel.
bool Session::peer_has_left() const {
    pollfd entry{descriptor_, POLLRDHUP, 0};
    return poll(&entry, 1, 0) > 0 && (entry.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

void Session::shut_down() const {
    ::shutdown(descriptor_, SHUT_RDWR);
}

void Sweeper::add(Session& session) {
    sessions_.insert(&session);
    if (!scheduled_) {
        schedule();
    }
}

void Sweeper::wait(Session& session) {
    session.unlink();
    waiting_.push_back(session);
}

bool Sweeper::make_room() {
    if (waiting_.empty()) {
        return false;
    }
    Session& longest = waiting_.front();
    longest.unlink();
    longest.shut_down();  // its coroutine sees the end and leaves
    return true;
}

void Sweeper::schedule() {
    scheduled_ = true;
    timer_.expires_after(kSweepEvery);
    timer_.async_wait([this](boost::system::error_code failure) {
        scheduled_ = false;
        if (failure) {
            return;
        }
        const auto now = std::chrono::steady_clock::now();
        // A copy, since noticing that a client left may end its session.
        for (Session* session : std::unordered_set<Session*>(sessions_)) {
            if (sessions_.contains(session)) {
                session->sweep(now);
            }
        }
        if (!sessions_.empty()) {
            schedule();
        }
    });
}

void Sweeper::drain() {
    draining_ = true;
    for (Session* session : sessions_) {
        if (session->is_idle()) {
            session->expect_within(std::chrono::seconds(-1));
        }
    }
}

}  // namespace quell::http
