// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/stream_connections.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <charconv>

namespace quell::http {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kKeepAliveEvery{15};
constexpr std::string_view kComment = "3\r\n:\n\n\r\n";  // one chunk
constexpr std::string_view kLastChunk = "0\r\n\r\n";

// RFC 9112 7.1.
void append_chunk(std::string& out, std::string_view bytes) {
    std::array<char, 16> size;
    const auto [end, unused] = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16);
    out.append(size.data(), end);
    out += "\r\n";
    out += bytes;
    out += "\r\n";
}

template <class Socket>
class Connection final : public StreamConnection, public std::enable_shared_from_this<Connection<Socket>> {
  public:
    Connection(Socket socket, std::shared_ptr<Stream> stream, std::shared_ptr<std::atomic<std::size_t>> count)
        : StreamConnection(std::move(stream), std::move(count)), socket_(std::move(socket)) {}

    void start(std::string head) override {
        stream_->attach(this->weak_from_this());
        out_ = std::move(head);
        write(out_);
        watch();
    }

    void wake() override {
        asio::post(socket_.get_executor(), [self = this->shared_from_this()] { self->flush(); });
    }

    void keep_alive() override {
        if (finishing_) {
            close();
        } else if (!writing_) {
            write(kComment);
        } else if (++ticks_ > 1) {
            close();  // the same write for two rounds
        }
    }

    void close() override {
        if (!std::exchange(closed_, true)) {
            unlink();
            boost::system::error_code ignored;
            socket_.lowest_layer().close(ignored);
            stream_->leave();
        }
    }

  private:
    void flush() {
        if (writing_ || finishing_ || closed_) {
            return;
        }
        bool ended = false;
        const std::string bytes = stream_->take(ended);
        out_.clear();
        if (!bytes.empty()) {
            append_chunk(out_, bytes);
        }
        if (ended) {
            out_ += kLastChunk;
            last_ = true;
        }
        if (!out_.empty()) {
            write(out_);
        }
    }

    void write(std::string_view bytes) {
        writing_ = true;
        ticks_ = 0;
        asio::async_write(socket_, asio::buffer(bytes),
                          [self = this->shared_from_this()](boost::system::error_code failure, std::size_t) {
                              self->written(failure);
                          });
    }

    void written(boost::system::error_code failure) {
        writing_ = false;
        out_ = {};  // an idle stream holds no buffer
        if (failure || closed_) {
            return close();
        }
        if (last_) {
            return finish();
        }
        flush();
    }

    // The last bytes are on their way; a close now could reset the connection and lose them, so the client's end, or the
    // next round of the timer, does it.
    void finish() {
        if (draining_) {
            return close();
        }
        boost::system::error_code ignored;
        socket_.lowest_layer().shutdown(asio::socket_base::shutdown_send, ignored);
        finishing_ = true;
    }

    // The client sends nothing more on this connection; what comes is its end, or is thrown away.
    void watch() {
        socket_.lowest_layer().async_wait(asio::socket_base::wait_read,
                                          [self = this->shared_from_this()](boost::system::error_code failure) {
                                              self->looked(failure);
                                          });
    }

    void looked(boost::system::error_code failure) {
        if (failure || closed_ || client_has_left()) {
            return close();
        }
        watch();
    }

    bool client_has_left() {
        std::array<char, 1024> ignored;
        const ssize_t count = ::recv(socket_.lowest_layer().native_handle(), ignored.data(), ignored.size(), MSG_DONTWAIT);
        received_ += count > 0 ? static_cast<std::size_t>(count) : 0;
        const bool nothing_yet = count < 0 && (errno == EAGAIN || errno == EINTR);
        return received_ > kMostIgnored || (count <= 0 && !nothing_yet);
    }

    static constexpr std::size_t kMostIgnored = 64 * 1024;

    Socket socket_;
    std::string out_;
    std::size_t received_ = 0;
    int ticks_ = 0;
    bool writing_ = false;
    bool last_ = false;
    bool finishing_ = false;
    bool closed_ = false;
};

}  // namespace

template <class Socket>
void StreamConnections::take_any(Socket socket, std::shared_ptr<Stream> stream, std::string head) {
    const auto connection = std::make_shared<Connection<Socket>>(std::move(socket), std::move(stream), count_);
    list_.push_back(*connection);
    connection->start(std::move(head));
    if (draining_) {
        connection->drain();
    }
    if (!scheduled_) {
        schedule();
    }
}

void StreamConnections::take(TcpSocket socket, std::shared_ptr<Stream> stream, std::string head) {
    take_any(std::move(socket), std::move(stream), std::move(head));
}

void StreamConnections::take(TlsStream socket, std::shared_ptr<Stream> stream, std::string head) {
    take_any(std::move(socket), std::move(stream), std::move(head));
}

void StreamConnections::take(UnixSocket socket, std::shared_ptr<Stream> stream, std::string head) {
    take_any(std::move(socket), std::move(stream), std::move(head));
}

void StreamConnections::schedule() {
    scheduled_ = true;
    timer_.expires_after(kKeepAliveEvery);
    timer_.async_wait([this](boost::system::error_code failure) {
        scheduled_ = false;
        if (failure) {
            return;
        }
        for (auto next = list_.begin(); next != list_.end();) {
            StreamConnection& connection = *next++;  // may leave the list
            connection.keep_alive();
        }
        if (!list_.empty()) {
            schedule();
        }
    });
}

void StreamConnections::drain() {
    draining_ = true;
    for (auto next = list_.begin(); next != list_.end();) {
        StreamConnection& connection = *next++;
        connection.drain();
    }
}

}  // namespace quell::http
