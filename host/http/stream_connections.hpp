// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <memory>
#include <string>

#include "http/connection.hpp"
#include "http/stream.hpp"

namespace quell::http {

class StreamConnections;

using StreamHook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

// A connection whose answer is a Stream: the socket and no more, so that thousands may wait (docs/PERFORMANCE.md). Lives
// as long as the stream lasts and the client is there; belongs to its I/O thread, but for wake().
class StreamConnection : public StreamSink, public StreamHook {
  public:
    // `count` says how many there are.
    StreamConnection(std::shared_ptr<Stream> stream, std::shared_ptr<std::atomic<std::size_t>> count)
        : stream_(std::move(stream)), count_(std::move(count)) {
        ++*count_;
    }
    ~StreamConnection() override { --*count_; }

    virtual void start(std::string head) = 0;
    // A comment, so that proxies between do not take the stream for dead; ends one whose client does not read.
    virtual void keep_alive() = 0;
    virtual void close() = 0;
    void drain() {
        draining_ = true;
        stream_->drain();
    }

  protected:
    const std::shared_ptr<Stream> stream_;
    bool draining_ = false;

  private:
    const std::shared_ptr<std::atomic<std::size_t>> count_;
};

// The streams of one I/O thread. One timer serves them all.
class StreamConnections {
  public:
    explicit StreamConnections(boost::asio::io_context& context) : timer_(context) {}

    // Sends `head` and then what the stream gives, chunked; the connection ends with it.
    void take(TcpSocket socket, std::shared_ptr<Stream> stream, std::string head);
    void take(TlsStream socket, std::shared_ptr<Stream> stream, std::string head);
    void take(UnixSocket socket, std::shared_ptr<Stream> stream, std::string head);
    std::size_t count() const { return *count_; }  // any thread
    void drain();

  private:
    template <class Socket>
    void take_any(Socket socket, std::shared_ptr<Stream> stream, std::string head);
    void schedule();

    boost::asio::steady_timer timer_;
    const std::shared_ptr<std::atomic<std::size_t>> count_ = std::make_shared<std::atomic<std::size_t>>(0);
    boost::intrusive::list<StreamConnection, boost::intrusive::base_hook<StreamHook>, boost::intrusive::constant_time_size<false>> list_;
    bool scheduled_ = false;
    bool draining_ = false;
};

}  // namespace quell::http
