// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// POSTs over kept connections, one thread.
//     http-load PORT PATH CONNECTIONS HEADERS BODIES RATE SECONDS
// HEADERS is a file of whole header lines, BODIES one of a body a line. With RATE 0 each body is sent once, as soon as a
// connection is free; otherwise RATE requests a second are sent for SECONDS, the bodies in turn. Each of these is due at its
// time, whatever became of the others, and its latency counts from then: a server that stalls is not asked more gently.
// Prints {"answered", "refused", "seconds", "p50_us", "p99_us"}; refused: any status but 200.

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

namespace {

struct Load {
    std::string head;  // up to Content-Length
    std::vector<std::string> bodies;
    double rate = 0;
    std::size_t total = 0;

    Clock::time_point begin{};
    std::size_t next = 0;
    std::size_t refused = 0;
    std::vector<double> latencies{};

    std::string message(std::size_t number) const {
        const std::string& body = bodies[number % bodies.size()];
        return head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    Clock::time_point due(std::size_t number) const {
        return begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(static_cast<double>(number) / rate));
    }
    void answered(Clock::time_point from, unsigned status) {
        latencies.push_back(std::chrono::duration<double, std::micro>(Clock::now() - from).count());
        refused += status == 200 ? 0 : 1;
    }
};

asio::awaitable<void> send_in_turn(tcp::socket socket, Load& load) {
    asio::steady_timer timer(socket.get_executor());
    boost::beast::flat_buffer buffer;
    buffer.reserve(16 * 1024);
    while (load.next < load.total) {
        const std::size_t number = load.next++;
        Clock::time_point from = Clock::now();
        if (load.rate > 0) {
            from = load.due(number);
            if (from > Clock::now()) {
                timer.expires_at(from);
                co_await timer.async_wait(asio::use_awaitable);
            }
        }
        const std::string message = load.message(number);
        co_await asio::async_write(socket, asio::buffer(message), asio::use_awaitable);
        http::response<http::string_body> response;
        co_await http::async_read(socket, buffer, response, asio::use_awaitable);
        load.answered(from, response.result_int());
    }
}

std::vector<std::string> lines_of(const char* file) {
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

Load read_load(char** arguments) {
    Load load;
    load.head = std::string("POST ") + arguments[2] + " HTTP/1.1\r\nHost: 127.0.0.1:" + arguments[1] + "\r\n";
    for (const std::string& line : lines_of(arguments[4])) {
        load.head += line + "\r\n";
    }
    load.bodies = lines_of(arguments[5]);
    load.rate = std::atof(arguments[6]);
    load.total = load.rate > 0 ? static_cast<std::size_t>(load.rate * std::atof(arguments[7])) : load.bodies.size();
    load.latencies.reserve(load.total);
    return load;
}

double at(std::vector<double>& sorted, double share) {
    return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(static_cast<double>(sorted.size()) * share))];
}

int report(Load& load) {
    const double seconds = std::chrono::duration<double>(Clock::now() - load.begin).count();
    if (load.latencies.size() != load.total) {
        std::fprintf(stderr, "http-load: %zu of %zu requests were answered\n", load.latencies.size(), load.total);
        return 1;
    }
    std::sort(load.latencies.begin(), load.latencies.end());
    std::printf(R"({"answered": %zu, "refused": %zu, "seconds": %.3f, "p50_us": %.1f, "p99_us": %.1f})" "\n", load.total, load.refused,
                seconds, at(load.latencies, 0.5), at(load.latencies, 0.99));
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 8) {
        return 2;
    }
    Load load = read_load(arguments);
    if (load.total == 0) {
        return 2;
    }
    asio::io_context context(1);
    const tcp::endpoint server(asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(std::atoi(arguments[1])));
    std::vector<tcp::socket> sockets;
    for (int i = 0; i < std::atoi(arguments[3]); ++i) {
        sockets.emplace_back(context).connect(server);
        sockets.back().set_option(tcp::no_delay(true));
    }
    load.begin = Clock::now();
    for (tcp::socket& socket : sockets) {
        asio::co_spawn(context, send_in_turn(std::move(socket), load), [](std::exception_ptr failure) {
            if (failure) {
                std::fprintf(stderr, "http-load: a connection broke\n");
            }
        });
    }
    context.run();
    return report(load);
}
