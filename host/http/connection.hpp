// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "http/large_bodies.hpp"
#include "http/router.hpp"
#include "http/session.hpp"
#include "http/stream.hpp"

namespace quell::http {

using Executor = boost::asio::io_context::executor_type;
using TcpSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using UnixSocket = boost::asio::basic_stream_socket<boost::asio::local::stream_protocol, Executor>;
using TlsStream = boost::asio::ssl::stream<TcpSocket>;

struct ConnectionLimits {
    std::size_t body_bytes = 1024 * 1024;
    std::size_t large_bodies = 64;           // at a time
    std::chrono::seconds header_within{10};  // HT-06
    std::chrono::seconds body_within{30};
    std::chrono::seconds answer_within{30};
    std::chrono::seconds idle_for{75};
};

// What a connection is served with; all outlives it.
struct Service {
    const Router& router;
    const ConnectionLimits& limits;
    Sweeper& sweeper;
    const LargeBodies& large_bodies;
};

// An answer that goes on: what the connection is handed over for.
struct StreamAnswer {
    std::shared_ptr<Stream> stream;  // null: none
    std::string head;
};

// Serves one client until it leaves, errs or takes too long. One request at a time, answered in one write. If an answer is
// a stream, nothing of it is written and the socket is the caller's to go on with: `going_on` is set. What is
// referred to outlives the task.
template <class Socket>
boost::asio::awaitable<void, Executor> serve_connection(Socket& stream, Service service, Session& session, std::string_view peer,
                                                        StreamAnswer& going_on);

}  // namespace quell::http
