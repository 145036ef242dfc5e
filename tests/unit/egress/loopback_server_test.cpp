// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/loopback_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace quell::egress::test {
namespace {

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return text;
}

int bound_socket(int family, int port) {
    const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
    v6.sin6_port = htons(static_cast<std::uint16_t>(port));
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v4.sin_port = htons(static_cast<std::uint16_t>(port));
    const bool is_v6 = family == AF_INET6;
    const auto* const address =
        is_v6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
    const auto size = static_cast<socklen_t>(is_v6 ? sizeof(v6) : sizeof(v4));
    if (fd >= 0 && (bind(fd, address, size) != 0 || listen(fd, 64) != 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

SeenRequest parse_head(std::string_view head) {
    SeenRequest seen;
    const std::size_t line_end = head.find("\r\n");
    const std::string_view line = head.substr(0, line_end);
    const std::size_t first = line.find(' ');
    seen.method = line.substr(0, first);
    seen.target = line.substr(first + 1, line.rfind(' ') - first - 1);
    for (std::size_t at = line_end + 2; at < head.size();) {
        const std::size_t end = std::min(head.find("\r\n", at), head.size());
        const std::size_t colon = head.find(':', at);
        const std::size_t value = std::min(head.find_first_not_of(' ', colon + 1), end);
        seen.headers[lower(std::string(head.substr(at, colon - at)))] =
            head.substr(value, end - value);
        at = end + 2;
    }
    return seen;
}

}  // namespace

bool Connection::read_more() {
    char bytes[16384];
    const int got = tls_ != nullptr ? SSL_read(tls_, bytes, sizeof(bytes))
                                    : static_cast<int>(recv(fd_, bytes, sizeof(bytes), 0));
    if (got <= 0) {
        return false;
    }
    buffer_.append(bytes, static_cast<std::size_t>(got));
    return true;
}

std::optional<SeenRequest> Connection::read_request() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!read_more()) {
            return std::nullopt;
        }
    }
    SeenRequest seen = parse_head(std::string_view(buffer_).substr(0, end + 2));
    buffer_.erase(0, end + 4);
    const auto length = seen.headers.find("content-length");
    const std::size_t size = length == seen.headers.end() ? 0 : std::stoul(length->second);
    while (buffer_.size() < size) {
        if (!read_more()) {
            return std::nullopt;
        }
    }
    seen.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return seen;
}

bool Connection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const int part = static_cast<int>(std::min<std::size_t>(bytes.size(), 16384));
        const int sent =
            tls_ != nullptr ? SSL_write(tls_, bytes.data(), part)
                            : static_cast<int>(::send(
                                  fd_, bytes.data(), static_cast<std::size_t>(part), MSG_NOSIGNAL));
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool Connection::pause_while_open(int millis) {
    pollfd watched{.fd = fd_, .events = POLLRDHUP, .revents = 0};
    return poll(&watched, 1, millis) == 0;
}

LoopbackServer::LoopbackServer(Handler handler, std::optional<TlsIdentity> identity)
    : handler_(std::move(handler)) {
    std::signal(SIGPIPE, SIG_IGN);
    if (identity) {
        tls_.reset(SSL_CTX_new(TLS_server_method()));
        SSL_CTX_use_certificate_file(tls_.get(), identity->certificate_file.c_str(),
                                     SSL_FILETYPE_PEM);
        SSL_CTX_use_PrivateKey_file(tls_.get(), identity->key_file.c_str(), SSL_FILETYPE_PEM);
    }
    listen_on(AF_INET);
    listen_on(AF_INET6);
}

void LoopbackServer::listen_on(int family) {
    const int fd = bound_socket(family, port_);
    if (fd < 0) {
        return;
    }
    if (port_ == 0) {
        sockaddr_in address{};
        socklen_t size = sizeof(address);
        getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
    }
    listeners_.push_back(fd);
    const std::lock_guard lock(mutex_);
    threads_.emplace_back([this, fd] { accept_all(fd); });
}

LoopbackServer::~LoopbackServer() {
    std::vector<std::thread> threads;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        for (const int fd : open_) {
            shutdown(fd, SHUT_RDWR);
        }
        threads.swap(threads_);
    }
    for (const int fd : listeners_) {
        shutdown(fd, SHUT_RDWR);
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const int fd : listeners_) {
        close(fd);
    }
}

void LoopbackServer::accept_all(int listener) {
    while (true) {
        const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        const std::lock_guard lock(mutex_);
        if (fd < 0 || stopping_) {
            if (fd >= 0) {
                close(fd);
            }
            return;
        }
        ++connections_;
        open_.push_back(fd);
        threads_.emplace_back([this, fd] { serve(fd); });
    }
}

void LoopbackServer::serve(int fd) {
    SSL* const tls = tls_ ? SSL_new(tls_.get()) : nullptr;
    if (tls != nullptr) {
        SSL_set_fd(tls, fd);
    }
    if (tls == nullptr || SSL_accept(tls) == 1) {
        Connection connection(fd, tls);
        handler_(connection);
    }
    SSL_free(tls);
    const std::lock_guard lock(mutex_);
    std::erase(open_, fd);
    close(fd);
}

std::string LoopbackServer::url(const std::string& path) const {
    return fmt::format("{}://{}{}", tls_ ? "https" : "http", authority(), path);
}

LoopbackServer::Handler LoopbackServer::answering(Answer answer) {
    return [answer = std::move(answer)](Connection& connection) {
        while (const auto seen = connection.read_request()) {
            if (!connection.send(answer(*seen))) {
                return;
            }
        }
    };
}

std::string reply(int status, std::string_view body, std::string_view headers) {
    return fmt::format("HTTP/1.1 {} Status\r\n{}Content-Length: {}\r\n\r\n{}", status, headers,
                       body.size(), body);
}

namespace {

TEST(LoopbackServer, EndsWithConnectionsStillOpen) {
    auto server = std::make_unique<LoopbackServer>(
        LoopbackServer::answering([](const auto&) { return reply(200); }));
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(server->port()));
    ASSERT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);

    server.reset();

    char byte = 0;
    EXPECT_LE(recv(fd, &byte, 1, 0), 0);
    close(fd);
}

}  // namespace
}  // namespace quell::egress::test
