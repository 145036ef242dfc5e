// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// The reference of the benchmarks: Boost.Beast used as its examples do (async_read, string_body, async_write), one
// thread, a fixed JSON answer of 640 bytes to every request. beast-echo PORT

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdlib>
#include <string>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

const std::string& fixed_answer() {
    static const std::string answer = R"({"jsonrpc":"2.0","id":1,"result":{"text":")" + std::string(594, 'x') + "\"}}";
    return answer;
}

asio::awaitable<void> serve(tcp::socket socket) {
    socket.set_option(tcp::no_delay(true));
    boost::beast::flat_buffer buffer;
    while (true) {
        http::request<http::string_body> request;
        co_await http::async_read(socket, buffer, request, asio::use_awaitable);
        http::response<http::string_body> response(http::status::ok, request.version());
        response.set(http::field::content_type, "application/json");
        response.keep_alive(request.keep_alive());
        response.body() = fixed_answer();
        response.prepare_payload();
        co_await http::async_write(socket, response, asio::use_awaitable);
    }
}

asio::awaitable<void> listen(std::uint16_t port) {
    auto executor = co_await asio::this_coro::executor;
    tcp::acceptor acceptor(executor, {asio::ip::address_v4::loopback(), port});
    while (true) {
        tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
        asio::co_spawn(executor, serve(std::move(socket)), asio::detached);
    }
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        return 1;
    }
    asio::io_context context(1);
    asio::co_spawn(context, listen(static_cast<std::uint16_t>(std::atoi(arguments[1]))), asio::detached);
    context.run();
}
