// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <string>
#include <string_view>
#include <thread>

#include "http/server.hpp"

namespace quell::http::testing {

// A server on a free loopback port with one I/O thread, for the length of a test.
class RunningServer {
  public:
    explicit RunningServer(const Router& router, ConnectionLimits limits = {}, std::size_t max_connections = 10'000)
        : work_(context_.get_executor()),
          server_(Server::listen({.address = "127.0.0.1", .max_connections = max_connections, .limits = limits}, router,
                                 {&context_})
                      .value()),
          thread_([this] { context_.run(); }) {
        server_->start();
    }
    ~RunningServer() {
        context_.stop();
        thread_.join();
    }
    std::uint16_t port() const { return server_->port(); }
    Server& server() { return *server_; }

  private:
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::unique_ptr<Server> server_;
    std::thread thread_;
};

// A plain blocking client that sends exactly the bytes it is given.
class RawClient {
  public:
    explicit RawClient(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }
    ~RawClient() { close(); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void send(std::string_view bytes) const {
        ASSERT_EQ(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
    }
    // What arrives until the server closes, or nothing more comes for five seconds.
    std::string read_to_end() const {
        std::string out;
        while (read_some(out)) {
        }
        return out;
    }
    // A server that has closed meanwhile is no failure.
    void send_if_open(std::string_view bytes) const {
        static_cast<void>(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    }
    // Whether the server ends the connection before it has been silent for so long.
    bool has_ended_within(std::chrono::milliseconds silence) const {
        std::string ignored;
        pollfd entry{descriptor_, POLLIN, 0};
        while (::poll(&entry, 1, static_cast<int>(silence.count())) > 0) {
            if (!read_some(ignored)) {
                return true;
            }
        }
        return false;
    }
    bool is_ended() const { return has_ended_within(std::chrono::seconds(5)); }
    // Reads until `mark` has arrived.
    std::string read_until(std::string_view mark) const {
        std::string out;
        while (out.find(mark) == std::string::npos && read_some(out)) {
        }
        return out;
    }
    // Whether the server has closed, as against being silent.
    bool has_ended() const {
        char byte = 0;
        return ::recv(descriptor_, &byte, 1, MSG_DONTWAIT) == 0;
    }
    void close() {
        if (descriptor_ >= 0) {
            ::close(std::exchange(descriptor_, -1));
        }
    }

  private:
    bool read_some(std::string& out) const {
        pollfd entry{descriptor_, POLLIN, 0};
        if (::poll(&entry, 1, 5000) <= 0) {
            return false;
        }
        char buffer[4096];
        const ssize_t count = ::recv(descriptor_, buffer, sizeof buffer, 0);
        out.append(buffer, count > 0 ? static_cast<std::size_t>(count) : 0);
        return count > 0;
    }
    int descriptor_;
};

}  // namespace quell::http::testing
