// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "http/message.hpp"
#include "http/stream.hpp"
#include "mcp/event_log.hpp"
#include "mcp/session.hpp"

namespace quell::mcp {

// 200 with an event stream (X-Accel-Buffering keeps proxies from holding it back).
http::Response event_stream(std::shared_ptr<http::Stream> stream);

// The answer to one request on its way: plain JSON if it is the first thing to say, else an event stream that begins with
// what is told before. Shared by the handler, which waits for the first thing, and the coroutine that makes the answer; both
// run on the request's I/O thread, and so does everything here.
class PendingAnswer : public std::enable_shared_from_this<PendingAnswer> {
  public:
    using Executor = boost::asio::io_context::executor_type;
    struct Setup {
        Executor executor;
        bool may_stream = false;           // the client accepts text/event-stream
        bool leaving_cancels = false;      // the stateless era: a closed stream is a cancel (MC-14)
        std::shared_ptr<Session> session;  // whose stream it is; may be null
        std::function<void(const std::shared_ptr<http::Stream>&)> opened;  // told of the stream
    };
    explicit PendingAnswer(Setup setup) : setup_(std::move(setup)) {}

    // The maker's side.
    bool can_tell() const { return setup_.may_stream && !finished_; }
    void tell(std::string_view message);   // a notification, or a request to the client
    void let_go();                         // the answer is far off: a client that can come back is let go
    void finish(http::Response response);  // in a stream only its body is sent
    std::stop_token stop_token() const { return stop_.get_token(); }
    std::stop_source stop_source() const { return stop_; }
    const Executor& executor() const { return setup_.executor; }

    // The handler's side: the whole answer, or the stream. Watches the client meanwhile.
    http::Answer first(http::Watch* watch);

  private:
    void open();
    void settle(http::Response response);

    Setup setup_;
    std::stop_source stop_;
    bool finished_ = false;
    std::shared_ptr<http::Stream> stream_;
    std::shared_ptr<EventLog> log_;  // of a stream that can be taken up again
    std::optional<http::Response> first_;
    std::function<void()> resume_;
};

}  // namespace quell::mcp
