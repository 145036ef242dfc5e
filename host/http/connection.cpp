// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/connection.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <ctime>
#include <exception>
#include <utility>

#include "base/log.hpp"
#include "http/guard.hpp"
#include "http/spare_text.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 sees a mismatch wherever it inlines only one of the two operators of a coroutine's frame.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace quell::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast::http;

using Parser = beast::request_parser<beast::string_body>;
constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> kTuple{};
constexpr std::size_t kReadBytes = 4096;  // an MCP request arrives in one read

// "Date: ..." once a second for each thread (RFC 9110 6.6.1).
std::string_view date_now() {
    thread_local std::time_t made_at = 0;
    thread_local char text[40];
    const std::time_t now = std::time(nullptr);
    if (now != made_at) {
        std::tm utc{};
        gmtime_r(&now, &utc);
        std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc);
        made_at = now;
    }
    return text;
}

// The status line and the response's own fields.
void append_fields(std::string& out, const Response& response) {
    out += "HTTP/1.1 ";
    out += std::to_string(response.status);
    out += ' ';
    out += std::string_view(beast::obsolete_reason(static_cast<beast::status>(response.status)));
    out += "\r\nDate: ";
    out += date_now();
    for (const auto& [name, value] : response.headers) {
        out += "\r\n";
        out += name;
        out += ": ";
        out += value;
    }
}

void append_head(std::string& out, const Response& response, bool keep_alive) {
    append_fields(out, response);
    // RFC 9110 8.6: no Content-Length in a 204.
    if (response.status != 204) {
        out += "\r\nContent-Length: ";
        out += std::to_string(response.body.size());
    }
    out += keep_alive ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
}

// `out` is the connection's and used again for its next answer, unless it has grown too much for that.
void flatten(std::string& out, const Response& response, bool keep_alive, bool with_body) {
    constexpr std::size_t kMostKept = 8 * 1024;
    if (out.capacity() > kMostKept) {
        out = std::string();
    }
    out.clear();
    out.reserve(512 + response.body.size());
    append_head(out, response, keep_alive);
    if (with_body) {
        out += response.body;
    }
}

std::string stream_head(const Response& response) {
    std::string out;
    append_fields(out, response);
    return out += "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
}

// By the length that is announced, or what has come so far.
bool is_large(const Parser& parser) {
    if (!parser.is_header_done()) {
        return false;
    }
    const auto announced = parser.content_length();
    const std::size_t length = announced ? static_cast<std::size_t>(*announced) : parser.get().body().size();
    return length > LargeBodies::kFrom;
}

// Reads one request into `parser`. False: the client left, or `refusal` says why it is refused.
template <class Socket>
asio::awaitable<bool, Executor> read_request(Socket& stream, boost::beast::flat_buffer& buffer, Parser& parser,
                                             Session& session, const Service& service, LargeBodies::Place& place,
                                             std::optional<Response>& refusal) {
    const ConnectionLimits& limits = service.limits;
    bool has_begun = false;
    bool header_seen = false;
    std::size_t header_fields = 0;
    while (true) {
        if (buffer.size() > 0) {
            if (!std::exchange(has_begun, true)) {
                session.expect_request_within(limits.header_within);  // HT-06, also for one that came right behind another
            }
            boost::system::error_code failure;
            buffer.consume(parser.put(buffer.data(), failure));
            if (failure && failure != beast::error::need_more) {
                refusal = refuse_parse(failure);
                co_return false;
            }
        }
        if (is_large(parser) && !place.take(service.large_bodies)) {
            refusal = refuse_large_body();
            co_return false;
        }
        if (parser.is_header_done() && !std::exchange(header_seen, true)) {
            header_fields = count_fields(parser.get());
            refusal = refuse_header(parser.get());
            if (refusal) {
                co_return false;
            }
            session.expect_within(limits.body_within);
            parser.eager(true);
            if (!parser.is_done() && buffer.size() > 0) {
                continue;
            }
            if (!parser.is_done() && boost::algorithm::iequals(parser.get()[beast::field::expect], "100-continue")) {
                co_await asio::async_write(stream, asio::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25), kTuple);
            }
        }
        if (parser.is_done()) {
            refusal = refuse_trailer(parser.get(), header_fields);
            co_return !refusal;
        }
        if (buffer.max_size() - buffer.size() < kReadBytes) {  // chunk extensions or a trailer without an end
            refusal = refuse_parse(beast::error::header_limit);
            co_return false;
        }
        const auto [failure, count] = co_await stream.async_read_some(buffer.prepare(kReadBytes), kTuple);
        if (failure) {
            co_return false;
        }
        buffer.commit(count);
    }
}

Request to_request(const BeastRequest& message, std::string_view peer, std::span<unsigned char> scratch,
                   Session& session) {
    const Target target = split_target(message.target());
    Request request{.method = message.method_string(),
                    .path = target.path,
                    .query = target.query,
                    .headers = {},
                    .body = message.body(),
                    .peer = peer,
                    .scratch = scratch,
                    .watch = &session};
    request.headers.reserve(16);
    for (const auto& field : message) {
        request.headers.push_back({field.name_string(), field.value()});
    }
    return request;
}

// A coroutine root: what a handler throws ends here as a 500 without a word about the inside.
Answer answer(const Router& router, const Request& request) {
    try {
        co_return co_await router.route(request);
    } catch (const std::exception& failure) {
        log::error("handler_threw", {{"path", request.path}, {"what", failure.what()}});
    }
    co_return text(500, "The host failed inside; its log says why.\n");
}

template <class Socket>
asio::awaitable<bool, Executor> write_answer(Socket& stream, Session& session, const ConnectionLimits& limits,
                                             const std::string& bytes) {
    session.expect_within(limits.answer_within);
    const auto [failure, count] = co_await asio::async_write(stream, asio::buffer(bytes), kTuple);
    co_return !failure;
}

}  // namespace

template <class Socket>
asio::awaitable<void, Executor> serve_connection(Socket& stream, Service service, Session& session, std::string_view peer,
                                                 StreamAnswer& going_on) {
    const ConnectionLimits& limits = service.limits;
    Sweeper& sweeper = service.sweeper;
    boost::beast::flat_buffer buffer(kMaxHeaderBytes + kReadBytes);
    buffer.reserve(kReadBytes);
    std::vector<unsigned char> scratch(8192);
    std::string bytes;  // of an answer
    bool keep_alive = true;
    while (keep_alive && !sweeper.draining()) {
        session.expect_request_within(limits.idle_for);
        sweeper.wait(session);
        Parser parser;
        parser.eager(false);  // the header first: what follows a chunked body must not be taken for part of it
        parser.header_limit(kMaxHeaderBytes);
        parser.body_limit(limits.body_bytes);
        LargeBodies::Place place;
        std::optional<Response> refusal;
        const bool complete = co_await read_request(stream, buffer, parser, session, service, place, refusal);
        if (refusal) {
            session.answered(refusal->status);
            flatten(bytes, *refusal, false, true);
            co_await write_answer(stream, session, limits, bytes);
        }
        if (!complete) {
            break;
        }
        const BeastRequest& message = parser.get();
        session.begin_call();
        const Request request = to_request(message, peer, scratch, session);
        Response response = co_await answer(service.router, request);
        session.end_call();
        session.answered(response.status);
        if (response.stream) {
            going_on = {response.stream, stream_head(response)};
            co_return;
        }
        keep_alive = message.keep_alive() && !response.close && !sweeper.draining();
        const bool with_body = message.method() != beast::verb::head;
        flatten(bytes, response, keep_alive, with_body);
        leave_spare_text(std::move(response.body));
        if (!co_await write_answer(stream, session, limits, bytes)) {
            break;
        }
    }
}

template asio::awaitable<void, Executor> serve_connection(TcpSocket&, Service, Session&, std::string_view, StreamAnswer&);
template asio::awaitable<void, Executor> serve_connection(TlsStream&, Service, Session&, std::string_view, StreamAnswer&);
template asio::awaitable<void, Executor> serve_connection(UnixSocket&, Service, Session&, std::string_view, StreamAnswer&);

}  // namespace quell::http
