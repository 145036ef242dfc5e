// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <string>
#include <utility>

#include "http/charset.hpp"
#include "http/connection.hpp"
#include "http/guard.hpp"
#include "http/known_hosts.hpp"
#include "target.hpp"

namespace {

using namespace quell::http;
using quell::fuzz::require;

constexpr std::string_view kPath = "/mcp";
constexpr std::string_view kBody = "taken";

// What a handler may rely on: a request that has passed the guard is framed in one way only.
void check(const Request& request) {
    require(request.count("host") == 1);
    require(request.count("content-length") + request.count("transfer-encoding") <= 1);
    require(request.headers.size() <= kMaxHeaders);
    require(request.body.size() <= ConnectionLimits{}.body_bytes);
    require(request.path.find('?') == std::string_view::npos);
    require(request.count("content-type") <= 1 && request.count("origin") <= 1);
    static const KnownHosts none({}, {});
    require(!none.knows(request.find("host")));
    require(has_utf8_charset({}) && !has_utf8_charset("a;charset=utf-16"));
    static_cast<void>(has_utf8_charset(request.find("content-type")));
    require(!request.has_content_type("application/json; charset=utf-8"));
}

Router make_router(std::size_t& calls) {
    Router router;
    for (const char* method : {"GET", "POST"}) {
        router.add(method, kPath, [&calls](const Request& request) -> Answer {
            check(request);
            ++calls;
            co_return text(200, std::string(kBody));
        });
    }
    return router;
}

// Reads what has been answered so far; false at the end.
bool drain(int client, std::string& answers) {
    std::array<char, 16 * 1024> bytes;
    ssize_t count = 0;
    while ((count = ::recv(client, bytes.data(), bytes.size(), MSG_DONTWAIT)) > 0) {
        answers.append(bytes.data(), static_cast<std::size_t>(count));
    }
    return count < 0;
}

// The real connection over a socket pair; the client sends all, in pieces, and reads until the host closes.
std::string serve(std::string_view input, std::size_t piece, const Router& router) {
    std::array<int, 2> ends{};
    require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    boost::asio::io_context context(1);
    UnixSocket socket(context, boost::asio::local::stream_protocol(), ends[0]);
    AnswerCounts counted;
    Session session(ends[0], counted);
    Sweeper sweeper(context);
    const ConnectionLimits limits;
    LargeBodies large_bodies(limits.large_bodies);
    const Service service{.router = router, .limits = limits, .sweeper = sweeper, .large_bodies = large_bodies};
    bool open = true;
    StreamAnswer no_stream;  // no handler here answers with one
    boost::asio::co_spawn(context, serve_connection(socket, service, session, "fuzz", no_stream),
                          [&](const std::exception_ptr& failure) {
                              require(!failure);
                              open = false;
                              socket.close();
                          });
    std::string answers;
    while (open) {
        context.restart();
        context.poll();
        drain(ends[1], answers);
        const auto sent = ::send(ends[1], input.data(), std::min(piece, input.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            input.remove_prefix(static_cast<std::size_t>(sent));
        }
        if (input.empty()) {
            ::shutdown(ends[1], SHUT_WR);
        }
    }
    drain(ends[1], answers);
    ::close(ends[1]);
    return answers;
}

}  // namespace

// Any bytes that a client may send: the host answers or hangs up, and how the bytes were cut on their way changes
// neither which requests it takes nor the kind of its refusal.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view input = quell::fuzz::as_text(data, size).substr(1);
    std::size_t calls = 0;
    const Router router = make_router(calls);
    const std::string whole = serve(input, input.size(), router);
    const std::size_t calls_of_whole = std::exchange(calls, 0);
    require(whole.empty() || whole.starts_with("HTTP/1.1 "));
    serve(input, 1 + data[0] * std::size_t{8}, router);
    require(calls == calls_of_whole);
    return 0;
}
