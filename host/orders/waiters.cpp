// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "orders/waiters.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>

namespace quell::orders {

// A timer of the waiting thread. ring() may come from any thread and posts there, so that a ring always meets a wait
// that has begun or prevents one that has not.
struct Waiters::Seat::Bell : std::enable_shared_from_this<Bell> {
    using Executor = boost::asio::io_context::executor_type;
    using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

    explicit Bell(const Executor& executor) : timer(executor) {}
    void ring() {
        boost::asio::post(timer.get_executor(), [self = shared_from_this()] {
            self->rung = true;
            self->timer.cancel();
        });
    }

    Timer timer;
    bool rung = false;  // touched on the waiting thread only
};

Waiters::Seat::Seat(Waiters& waiters, RequestId request, boost::asio::io_context::executor_type executor)
    : waiters_(waiters), request_(std::move(request)), bell_(std::make_shared<Bell>(executor)) {
    const std::lock_guard lock(waiters_.mutex_);
    if (waiters_.closed_) {
        bell_->rung = true;
    } else {
        waiters_.bells_[request_].push_back(bell_);
    }
}

Waiters::Seat::~Seat() {
    const std::lock_guard lock(waiters_.mutex_);
    const auto found = waiters_.bells_.find(request_);
    if (found == waiters_.bells_.end()) {
        return;
    }
    std::erase(found->second, bell_);
    if (found->second.empty()) {
        waiters_.bells_.erase(found);
    }
}

base::Task<void> Waiters::Seat::wait(Millis time, std::stop_token stop) {
    const std::stop_callback ring_on_stop(stop, [bell = bell_] { bell->ring(); });
    bell_->timer.expires_after(time);
    if (!bell_->rung) {
        co_await bell_->timer.async_wait(boost::asio::as_tuple(base::use_task));
    }
    co_return Result<void>();
}

void Waiters::wake(const RequestId& request) {
    const std::lock_guard lock(mutex_);
    const auto found = bells_.find(request);
    if (found != bells_.end()) {
        for (const auto& bell : found->second) {
            bell->ring();
        }
    }
}

void Waiters::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (const auto& [request, bells] : bells_) {
        for (const auto& bell : bells) {
            bell->ring();
        }
    }
}

}  // namespace quell::orders
