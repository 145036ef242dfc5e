// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/pending_answer.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace quell::mcp {

namespace asio = boost::asio;

http::Response event_stream(std::shared_ptr<http::Stream> stream) {
    http::Response response;
    response.headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
    response.stream = std::move(stream);
    return response;
}

// A stream of a session goes on without its client; any other ends the call if leaving means that.
void PendingAnswer::open() {
    stream_ = std::make_shared<http::Stream>();
    log_ = setup_.session && setup_.session->can_resume() ? setup_.session->open_stream() : nullptr;
    if (log_) {
        static_cast<void>(log_->attach(stream_));
    } else if (setup_.leaving_cancels) {
        stream_->on_gone([stop = stop_]() mutable { stop.request_stop(); });
    }
    setup_.opened(stream_);
    settle(event_stream(stream_));
}

void PendingAnswer::settle(http::Response response) {
    first_ = std::move(response);
    if (const auto resume = std::exchange(resume_, nullptr)) {
        resume();
    }
}

void PendingAnswer::tell(std::string_view message) {
    if (!can_tell()) {
        return;
    }
    if (!stream_) {
        open();
    }
    if (log_) {
        log_->add(message);
    } else {
        stream_->send(sse_event(message));
    }
}

void PendingAnswer::let_go() {
    const bool can_come_back = setup_.may_stream && setup_.session && setup_.session->can_resume();
    if (can_come_back && !stream_) {
        open();
    }
    if (log_) {
        log_->let_go();
    }
}

void PendingAnswer::finish(http::Response response) {
    if (std::exchange(finished_, true)) {
        return;
    }
    if (!stream_) {
        return settle(std::move(response));
    }
    if (log_) {
        log_->finish(response.body);
    } else {
        stream_->send(sse_event(response.body));
        stream_->end();
    }
}

http::Answer PendingAnswer::first(http::Watch* watch) {
    if (!first_) {
        if (watch != nullptr && setup_.leaving_cancels) {
            watch->on_gone([stop = stop_]() mutable { stop.request_stop(); });
        }
        using Token = asio::use_awaitable_t<Executor>;
        Token token;
        co_await asio::async_initiate<Token, void()>(
            [this](auto handler) {
                auto shared = std::make_shared<decltype(handler)>(std::move(handler));
                resume_ = [shared, executor = setup_.executor] {
                    asio::post(executor, [shared] { std::move (*shared)(); });
                };
            },
            token);
    }
    co_return std::move(*first_);
}

}  // namespace quell::mcp
