// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace quell::http {

// Where the bytes of a Stream go out. wake() is for any thread: there is something new to send.
class StreamSink {
  public:
    virtual ~StreamSink() = default;
    virtual void wake() = 0;
};

// The body of an answer that is sent piece by piece (text/event-stream), as long as its maker and the client want it.
// Shared by both; any thread. A client that does not read is dropped once kMostWaiting bytes wait for it.
// The functions that it is given run on the connection's thread, or on the caller's if it is too late; each at most once.
class Stream {
  public:
    static constexpr std::size_t kMostWaiting = 1024 * 1024;

    // The maker's side. False: the client has gone, or end() was called before.
    bool send(std::string_view bytes);
    void end();  // after what was sent
    void drop() {  // the client may not have it any more: as if it had left
        leave();
        wake();
    }
    bool is_over() const;
    // `gone` is called when the client has left before the end.
    void on_gone(std::function<void()> gone);
    // `drain` is called when the host is about to stop. Without one the host waits for the end.
    void on_drain(std::function<void()> drain);

    // The connection's side.
    void attach(std::weak_ptr<StreamSink> sink);
    // What waits to be sent. `ended` is set if nothing will follow it.
    std::string take(bool& ended);
    void leave();  // the client has gone
    void drain();

  private:
    void wake();

    mutable std::mutex mutex_;  // guards what follows
    std::string waiting_;
    bool ended_ = false;
    bool gone_ = false;
    bool draining_ = false;
    std::function<void()> on_gone_;
    std::function<void()> on_drain_;
    std::weak_ptr<StreamSink> sink_;
};

}  // namespace quell::http
