// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// The provider of the fan-out benchmark: HTTPS on loopback, 50 ms after each request one device with the last part of
// the path as its serial number. Under /cold/ the connection is closed after the answer, and no TLS session is ever
// taken up again. fleet-provider PORT CERTIFICATE KEY

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <cstdlib>
#include <string>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds kLatency(50);

std::string device(std::string_view path) {
    const std::string serial(path.substr(path.rfind('/') + 1));
    return R"({"devices":[{"provider_device_id":"edr-)" + serial + R"(","hostname":"host-)" + serial +
           R"(","serial_number":")" + serial + R"(","containment_state":"normal","match":"exact"}]})";
}

asio::awaitable<void> serve(boost::beast::ssl_stream<tcp::socket> stream) {
    stream.next_layer().set_option(tcp::no_delay(true));
    co_await stream.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
    boost::beast::flat_buffer buffer;
    for (bool goes_on = true; goes_on;) {
        http::request<http::string_body> request;
        co_await http::async_read(stream, buffer, request, asio::use_awaitable);
        asio::steady_timer latency(co_await asio::this_coro::executor, kLatency);
        co_await latency.async_wait(asio::use_awaitable);
        http::response<http::string_body> response(http::status::ok, request.version());
        response.set(http::field::content_type, "application/json");
        goes_on = !request.target().starts_with("/cold/");
        response.keep_alive(goes_on);
        response.body() = device({request.target().data(), request.target().size()});
        response.prepare_payload();
        co_await http::async_write(stream, response, asio::use_awaitable);
    }
}

asio::awaitable<void> listen(std::uint16_t port, asio::ssl::context& tls) {
    auto executor = co_await asio::this_coro::executor;
    tcp::acceptor acceptor(executor, {asio::ip::address_v4::loopback(), port});
    acceptor.listen(asio::socket_base::max_listen_connections);
    while (true) {
        tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
        asio::co_spawn(executor, serve({std::move(socket), tls}), asio::detached);
    }
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        return 1;
    }
    asio::ssl::context tls(asio::ssl::context::tls_server);
    tls.use_certificate_chain_file(arguments[2]);
    tls.use_private_key_file(arguments[3], asio::ssl::context::pem);
    SSL_CTX_set_session_cache_mode(tls.native_handle(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(tls.native_handle(), SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(tls.native_handle(), 0);
    asio::io_context context(1);
    asio::co_spawn(context, listen(static_cast<std::uint16_t>(std::atoi(arguments[1])), tls), asio::detached);
    context.run();
}
