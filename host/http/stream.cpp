// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/stream.hpp"

#include <utility>

namespace quell::http {

bool Stream::send(std::string_view bytes) {
    bool too_slow = false;
    {
        const std::lock_guard lock(mutex_);
        if (gone_ || ended_) {
            return false;
        }
        waiting_ += bytes;
        too_slow = waiting_.size() > kMostWaiting;
    }
    if (too_slow) {
        drop();
        return false;
    }
    wake();
    return true;
}

void Stream::end() {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        on_gone_ = nullptr;
        on_drain_ = nullptr;
    }
    wake();
}

bool Stream::is_over() const {
    const std::lock_guard lock(mutex_);
    return gone_ || ended_;
}

void Stream::on_gone(std::function<void()> gone) {
    {
        const std::lock_guard lock(mutex_);
        if (!gone_) {
            on_gone_ = std::move(gone);
            return;
        }
    }
    gone();
}

void Stream::on_drain(std::function<void()> drain) {
    {
        const std::lock_guard lock(mutex_);
        if (!draining_) {
            on_drain_ = std::move(drain);
            return;
        }
    }
    drain();
}

void Stream::attach(std::weak_ptr<StreamSink> sink) {
    const std::lock_guard lock(mutex_);
    sink_ = std::move(sink);
}

std::string Stream::take(bool& ended) {
    const std::lock_guard lock(mutex_);
    ended = ended_ || gone_;
    return std::exchange(waiting_, {});
}

void Stream::leave() {
    std::function<void()> gone;
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(gone_, true)) {
            return;
        }
        waiting_ = {};
        gone = std::exchange(on_gone_, nullptr);
        on_drain_ = nullptr;
    }
    if (gone) {
        gone();
    }
}

void Stream::drain() {
    std::function<void()> drain;
    {
        const std::lock_guard lock(mutex_);
        draining_ = true;
        drain = std::exchange(on_drain_, nullptr);
    }
    if (drain) {
        drain();
    }
}

void Stream::wake() {
    std::shared_ptr<StreamSink> sink;
    {
        const std::lock_guard lock(mutex_);
        sink = sink_.lock();
    }
    if (sink) {
        sink->wake();
    }
}

}  // namespace quell::http
