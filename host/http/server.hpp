// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "http/connection.hpp"

namespace quell::http {

struct TlsFiles {
    std::string certificate;  // PEM chain
    std::string key;          // PEM
};

struct ListenOptions {
    std::string address{};  // numeric IP
    std::uint16_t port = 0;  // 0: a free one
    std::optional<TlsFiles> tls{};
    std::string unix_path{};  // instead of address and port: a Unix socket, mode 0600, for root and our own user
    std::size_t max_connections = 10'000;  // in equal shares for the threads
    ConnectionLimits limits{};
};

// Listens at one address and serves connections on the given I/O threads; a connection stays on the thread that
// accepted it. The threads share one listening socket, so that a port in use is noticed.
// start() and stop() from the owner's thread while the io_contexts run; the object outlives them.
class Server {
  public:
    // Binds at once; failed_precondition names the address and why.
    static Result<std::unique_ptr<Server>> listen(const ListenOptions& options, const Router& router,
                                                  std::vector<boost::asio::io_context*> contexts);
    virtual ~Server() = default;

    // What listen() would refuse, without listening: an address that is not this machine's or not numeric, a port in
    // use, TLS files that are unreadable or do not fit together, a Unix path that is taken. Changes nothing.
    static Result<void> check_address(const ListenOptions& options);
    static Result<void> check_tls(const TlsFiles& files);

    virtual std::uint16_t port() const = 0;
    virtual void start() = 0;
    // For connections from now on; those that are open keep theirs (HT-12). Refuses files that do not fit and keeps the
    // present certificate then. Any thread; nothing to do for a server without TLS.
    virtual Result<void> renew_tls(const TlsFiles& files) = 0;
    // No new connections; idle ones close, running calls are answered and then closed.
    virtual void drain() = 0;
    // Open connections, counted over all threads.
    virtual std::size_t connections() const = 0;
    // Answers since the start whose status has these hundreds.
    virtual std::uint64_t answers(unsigned hundreds) const = 0;
};

}  // namespace quell::http
