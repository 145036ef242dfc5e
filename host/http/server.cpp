// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/server.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ssl.hpp>
#include <algorithm>
#include <exception>
#include <mutex>

#include "base/log.hpp"
#include "http/stream_connections.hpp"
#include "http/unix_path.hpp"

namespace quell::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Local = asio::local::stream_protocol;

constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> kTuple{};

Error cannot_listen(const std::string& where, const std::string& why) {
    return Error(Code::failed_precondition, "cannot_listen", "Cannot listen on " + where + ": " + why + ".")
        .next_step("Choose a free address of this machine, or end what uses it.");
}

// Who is at the other end of a Unix socket; only root and our own user are served (INTERFACES.md 4).
std::optional<std::string> peer_of(UnixSocket& socket) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
        return std::nullopt;
    }
    const bool trusted = credentials.uid == 0 || credentials.uid == geteuid();
    return trusted ? std::optional("uid:" + std::to_string(credentials.uid)) : std::nullopt;
}

std::optional<std::string> peer_of(TcpSocket& socket) {
    boost::system::error_code failure;
    socket.set_option(tcp::no_delay(true), failure);
    const tcp::endpoint endpoint = socket.remote_endpoint(failure);
    return failure ? std::nullopt : std::optional(endpoint.address().to_string());
}

// Reading a pipe would wait for ever.
Result<void> check_plain_file(const char* key, const std::string& path) {
    struct stat found{};
    if (::stat(path.c_str(), &found) != 0 || S_ISREG(found.st_mode)) {
        return {};  // what cannot be read is told below
    }
    return Error(Code::failed_precondition, "bad_certificate",
                 std::string("[server] ") + key + " is not a plain file: " + path);
}

// OP-06: a private key that everybody may read is no secret. A group may read it (Debian's ssl-cert).
Result<void> check_key_mode(const std::string& path) {
    struct stat found{};
    if (::stat(path.c_str(), &found) != 0 || (found.st_mode & (S_IRWXO | S_IWGRP)) == 0) {
        return {};  // what cannot be read is told below
    }
    return Error(Code::failed_precondition, "bad_key",
                 "[server] tls_key is open to others than its owner and group; its mode must be 0640 or less: " + path);
}

// TLS 1.2 and later, by OpenSSL's own choice of ciphers at security level 2.
Result<asio::ssl::context> make_tls(const TlsFiles& files) {
    asio::ssl::context tls(asio::ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_security_level(tls.native_handle(), 2);
    SSL_CTX_set_options(tls.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    TRY_VOID(check_plain_file("tls_cert", files.certificate));
    TRY_VOID(check_plain_file("tls_key", files.key));
    boost::system::error_code failure;
    tls.use_certificate_chain_file(files.certificate, failure);
    if (failure) {
        return Error(Code::failed_precondition, "bad_certificate",
                     "[server] tls_cert is not a readable PEM certificate: " + files.certificate)
            .detail(failure.message());
    }
    TRY_VOID(check_key_mode(files.key));
    tls.use_private_key_file(files.key, asio::ssl::context::pem, failure);
    if (failure) {
        return Error(Code::failed_precondition, "bad_key", "[server] tls_key is not the PEM key of tls_cert: " + files.key)
            .detail(failure.message());
    }
    return tls;
}

// One listening socket, duplicated for each I/O thread.
template <class Protocol>
class BasicServer final : public Server {
  public:
    using Socket = asio::basic_stream_socket<Protocol, Executor>;
    using Acceptor = asio::basic_socket_acceptor<Protocol, Executor>;

    BasicServer(const ListenOptions& options, const Router& router, std::uint16_t port)
        : options_(options), router_(router), port_(port), large_bodies_(options.limits.large_bodies) {}

    void add_thread(asio::io_context& context, const Protocol& protocol, int descriptor) {
        lanes_.push_back(std::make_unique<Lane>(context, protocol, descriptor));
    }
    void own_socket_file() { socket_file_.emplace(options_.unix_path); }

    std::uint16_t port() const override { return port_; }
    std::size_t connections() const override {
        std::size_t count = open_;
        for (const auto& lane : lanes_) {
            count += lane->streams.count();
        }
        return count;
    }

    Result<void> renew_tls(const TlsFiles& files) override {
        TRY(asio::ssl::context made, make_tls(files));
        auto renewed = std::make_shared<asio::ssl::context>(std::move(made));
        const std::lock_guard lock(tls_mutex_);
        tls_.swap(renewed);
        return {};
    }

    std::uint64_t answers(unsigned hundreds) const override {
        std::uint64_t count = 0;
        for (const auto& lane : lanes_) {
            count += lane->answers.of_class(hundreds);
        }
        return count;
    }

    void start() override {
        for (const auto& lane : lanes_) {
            asio::co_spawn(lane->context, accept(*lane), [](std::exception_ptr failure) {
                if (failure) {
                    log::error("accept_loop_ended");
                }
            });
        }
    }

    void drain() override {
        for (const auto& lane : lanes_) {
            asio::post(lane->context, [lane = lane.get()] {
                boost::system::error_code ignored;
                lane->acceptor.close(ignored);
                lane->sweeper.drain();
                lane->streams.drain();
            });
        }
    }

  private:
    struct Lane {
        Lane(asio::io_context& io, const Protocol& protocol, int descriptor)
            : context(io), acceptor(io.get_executor(), protocol, descriptor), sweeper(io), streams(io) {}
        asio::io_context& context;
        Acceptor acceptor;
        Sweeper sweeper;
        StreamConnections streams;
        AnswerCounts answers;
    };

    asio::awaitable<void, Executor> accept(Lane& lane) {
        while (lane.acceptor.is_open()) {
            auto [failure, socket] = co_await lane.acceptor.async_accept(kTuple);
            if (failure == asio::error::operation_aborted) {
                co_return;
            }
            if (failure) {
                lane.sweeper.make_room();
                co_await pause(lane);  // out of descriptors: do not spin
                continue;
            }
            // HT-11: who has waited longest without a request goes; a call never does, so the new one goes then.
            if (lane.sweeper.count() + lane.streams.count() >= most_a_lane() && !lane.sweeper.make_room()) {
                continue;
            }
            spawn(lane, std::move(socket));
        }
    }

    // Each thread has its share, so that none has to look into another's connections.
    std::size_t most_a_lane() const { return std::max<std::size_t>(1, options_.max_connections / lanes_.size()); }

    static asio::awaitable<void, Executor> pause(Lane& lane) {
        asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>
            timer(lane.context.get_executor(), std::chrono::milliseconds(50));
        co_await timer.async_wait(kTuple);
    }

    void spawn(Lane& lane, Socket socket) {
        ++open_;
        asio::co_spawn(lane.context, serve(lane, std::move(socket)), [this](std::exception_ptr failure) {
            --open_;
            if (failure) {
                log::error("connection_threw");
            }
        });
    }

    asio::awaitable<void, Executor> serve(Lane& lane, Socket socket) {
        const std::optional<std::string> peer = peer_of(socket);
        if (!peer) {
            co_return;
        }
        Session session(socket.native_handle(), lane.answers);
        session.expect_within(options_.limits.header_within);
        lane.sweeper.add(session);
        lane.sweeper.wait(session);  // through the TLS handshake
        try {
            co_await serve_stream(lane, std::move(socket), session, *peer);
        } catch (...) {
            lane.sweeper.remove(session);
            throw;
        }
        lane.sweeper.remove(session);
    }

    Service service_of(Lane& lane) {
        return {.router = router_, .limits = options_.limits, .sweeper = lane.sweeper, .large_bodies = large_bodies_};
    }

    asio::awaitable<void, Executor> serve_stream(Lane& lane, Socket socket, Session& session, std::string peer) {
        const Service service = service_of(lane);
        if constexpr (std::is_same_v<Protocol, tcp>) {
            if (const auto tls = present_tls()) {
                TlsStream stream(std::move(socket), *tls);
                const auto [failure] = co_await stream.async_handshake(TlsStream::server, kTuple);
                if (!failure) {
                    StreamAnswer answer;
                    co_await serve_connection(stream, service, session, peer, answer);
                    if (answer.stream) {
                        lane.sweeper.remove(session);
                        lane.streams.take(std::move(stream), std::move(answer.stream), std::move(answer.head));
                        co_return;
                    }
                    session.expect_within(std::chrono::seconds(2));
                    co_await stream.async_shutdown(kTuple);
                }
                lane.sweeper.remove(session);
                co_return;
            }
        }
        StreamAnswer answer;
        co_await serve_connection(socket, service, session, peer, answer);
        if (answer.stream) {
            lane.sweeper.remove(session);
            lane.streams.take(std::move(socket), std::move(answer.stream), std::move(answer.head));
            co_return;
        }
        co_await linger(socket, session);
        lane.sweeper.remove(session);
    }

    std::shared_ptr<asio::ssl::context> present_tls() const {
        const std::lock_guard lock(tls_mutex_);
        return tls_;
    }

    // After a refusal the client may still be sending: a close now would reset the connection and lose the answer.
    // Half-closes and reads on for at most two seconds.
    static asio::awaitable<void, Executor> linger(Socket& socket, Session& session) {
        boost::system::error_code failure;
        socket.shutdown(Socket::shutdown_send, failure);
        session.expect_within(std::chrono::seconds(2));
        std::array<char, 16384> ignored;
        while (!failure) {
            const auto [ended, count] = co_await socket.async_read_some(asio::buffer(ignored), kTuple);
            failure = ended;
        }
    }

    ListenOptions options_;
    const Router& router_;
    std::uint16_t port_;
    LargeBodies large_bodies_;
    mutable std::mutex tls_mutex_;
    std::shared_ptr<asio::ssl::context> tls_;  // null: plain HTTP
    std::vector<std::unique_ptr<Lane>> lanes_;
    std::optional<UnixSocketFile> socket_file_;
    std::atomic<std::size_t> open_{0};
};

template <class Acceptor, class Endpoint>
boost::system::error_code bind(Acceptor& acceptor, const Endpoint& endpoint) {
    boost::system::error_code failure;
    acceptor.open(endpoint.protocol(), failure);
    if (!failure) {
        acceptor.set_option(asio::socket_base::reuse_address(true), failure);
        acceptor.bind(endpoint, failure);
    }
    return failure;
}

template <class Protocol>
Result<std::unique_ptr<Server>> open(const ListenOptions& options, const Router& router,
                                     const std::vector<asio::io_context*>& contexts,
                                     const typename Protocol::endpoint& endpoint, const std::string& where) {
    asio::basic_socket_acceptor<Protocol, Executor> first(contexts.front()->get_executor());
    boost::system::error_code failure = bind(first, endpoint);
    if (!failure) {
        first.listen(asio::socket_base::max_listen_connections, failure);
    }
    if (failure) {
        return cannot_listen(where, failure.message());
    }
    std::uint16_t port = 0;
    if constexpr (std::is_same_v<Protocol, tcp>) {
        port = first.local_endpoint().port();
    }
    auto server = std::make_unique<BasicServer<Protocol>>(options, router, port);
    if (!options.unix_path.empty()) {
        server->own_socket_file();
    }
    for (asio::io_context* context : contexts) {
        server->add_thread(*context, endpoint.protocol(), ::dup(first.native_handle()));
    }
    if (options.tls) {
        TRY_VOID(server->renew_tls(*options.tls));
    }
    return std::unique_ptr<Server>(std::move(server));
}

Result<std::unique_ptr<Server>> open_unix(const ListenOptions& options, const Router& router,
                                          const std::vector<asio::io_context*>& contexts) {
    TRY_VOID(check_unix_path(options.unix_path));
    unlink(options.unix_path.c_str());
    const mode_t before = umask(0177);  // 0600 from the first moment
    auto server = open<Local>(options, router, contexts, Local::endpoint(options.unix_path), "the admin socket");
    umask(before);
    return server;
}

std::string place_of(const ListenOptions& options) {
    return options.address + ":" + std::to_string(options.port);
}

Result<tcp::endpoint> to_endpoint(const ListenOptions& options) {
    boost::system::error_code failure;
    const auto address = asio::ip::make_address(options.address, failure);
    if (failure) {
        return cannot_listen(place_of(options), "the address is not a numeric IP address");
    }
    return tcp::endpoint(address, options.port);
}

}  // namespace

Result<std::unique_ptr<Server>> Server::listen(const ListenOptions& options, const Router& router,
                                               std::vector<asio::io_context*> contexts) {
    if (!options.unix_path.empty()) {
        return open_unix(options, router, contexts);
    }
    TRY(const tcp::endpoint endpoint, to_endpoint(options));
    return open<tcp>(options, router, contexts, endpoint, place_of(options));
}

Result<void> Server::check_address(const ListenOptions& options) {
    if (!options.unix_path.empty()) {
        return check_unix_path(options.unix_path);
    }
    TRY(const tcp::endpoint endpoint, to_endpoint(options));
    asio::io_context unused;
    asio::basic_socket_acceptor<tcp, Executor> probe(unused.get_executor());
    const boost::system::error_code failure = bind(probe, endpoint);
    // A port below 1024 may be forbidden to whoever checks and allowed to the service.
    const bool refused = failure && failure != asio::error::access_denied;
    return refused ? cannot_listen(place_of(options), failure.message()) : Result<void>();
}

Result<void> Server::check_tls(const TlsFiles& files) {
    TRY_VOID(make_tls(files));
    return {};
}

}  // namespace quell::http
