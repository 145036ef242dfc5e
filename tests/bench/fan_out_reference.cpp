// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// What the fan-out costs a bare Asio client: N requests at once to fleet-provider, over connections that are open
// (warm) or are made for it (cold), with the bundle of authorities loaded once. fan-out-reference PORT BUNDLE N
// prints one JSON object with the medians of ten tries; overhead is what goes beyond the provider's 50 ms.

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr int kTries = 10;
constexpr double kLatencyMillis = 50;

double cpu_micros() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto micros = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
    };
    return micros(usage.ru_utime) + micros(usage.ru_stime);
}

struct Connection {
    Connection(asio::io_context& context, asio::ssl::context& tls) : stream(context, tls) {}

    asio::awaitable<void> open(tcp::endpoint provider) {
        co_await stream.next_layer().async_connect(provider, asio::use_awaitable);
        stream.next_layer().set_option(tcp::no_delay(true));
        co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    }
    asio::awaitable<void> ask() {
        http::request<http::empty_body> request(http::verb::get, "/warm/D0", 11);
        request.set(http::field::host, "127.0.0.1");
        co_await http::async_write(stream, request, asio::use_awaitable);
        boost::beast::flat_buffer buffer;
        http::response<http::string_body> response;
        co_await http::async_read(stream, buffer, response, asio::use_awaitable);
    }

    boost::beast::ssl_stream<tcp::socket> stream;
};

class FanOut {
  public:
    FanOut(std::uint16_t port, const std::string& bundle, std::size_t targets)
        : provider_(asio::ip::address_v4::loopback(), port), targets_(targets) {
        tls_.load_verify_file(bundle);
        tls_.set_verify_mode(asio::ssl::verify_peer);
    }

    void measure(const char* name) {
        std::vector<double> overheads, costs;
        const bool cold = std::string_view(name) == "cold";
        for (int i = 0; i < kTries; ++i) {
            auto connections = closed();
            if (!cold) {
                run(connections, true, false);
            }
            const auto began = std::chrono::steady_clock::now();
            const double cpu = cpu_micros();
            run(connections, cold, true);
            const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
            overheads.push_back(took.count() - kLatencyMillis);
            costs.push_back((cpu_micros() - cpu) / static_cast<double>(targets_));
        }
        std::cout << '"' << name << R"(":{"overhead_ms":)" << median(overheads) << R"(,"cpu_us":)" << median(costs)
                  << '}';
    }

  private:
    using Connections = std::vector<std::unique_ptr<Connection>>;

    Connections closed() {
        Connections connections;
        for (std::size_t i = 0; i < targets_; ++i) {
            connections.push_back(std::make_unique<Connection>(context_, tls_));
        }
        return connections;
    }
    void run(Connections& connections, bool open, bool ask) {
        for (const auto& connection : connections) {
            asio::co_spawn(context_, one(*connection, provider_, open, ask), [](std::exception_ptr thrown) {
                if (thrown) {
                    std::rethrow_exception(thrown);
                }
            });
        }
        context_.restart();
        context_.run();
    }
    static asio::awaitable<void> one(Connection& connection, tcp::endpoint provider, bool open, bool ask) {
        if (open) {
            co_await connection.open(provider);
        }
        if (ask) {
            co_await connection.ask();
        }
    }
    static double median(std::vector<double> values) {
        std::ranges::sort(values);
        return values[values.size() / 2];
    }

    asio::io_context context_{1};
    asio::ssl::context tls_{asio::ssl::context::tls_client};
    const tcp::endpoint provider_;
    const std::size_t targets_;
};

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        return 1;
    }
    FanOut fan_out(static_cast<std::uint16_t>(std::atoi(arguments[1])), arguments[2],
                   static_cast<std::size_t>(std::atoi(arguments[3])));
    std::cout << '{';
    fan_out.measure("warm");
    std::cout << ',';
    fan_out.measure("cold");
    std::cout << "}\n";
}
