// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace quell::egress::test {

struct SeenRequest {
    std::string method;
    std::string target;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
};

// One accepted connection; used by its handler's thread only.
class Connection {
  public:
    Connection(int fd, SSL* tls) : fd_(fd), tls_(tls) {}
    // nullopt once the client has closed or the server stops.
    std::optional<SeenRequest> read_request();
    bool send(std::string_view bytes);
    // Returns after the pause, or at once with false when the client goes.
    bool pause_while_open(int millis);

  private:
    bool read_more();

    int fd_;
    SSL* tls_;
    std::string buffer_;
};

struct TlsIdentity {
    std::string certificate_file;
    std::string key_file;
};

// A raw HTTP/1.1 server on 127.0.0.1 (and ::1 where the machine has it), one thread a connection.
// Ends with its object.
class LoopbackServer {
  public:
    using Handler = std::function<void(Connection&)>;
    using Answer = std::function<std::string(const SeenRequest&)>;

    explicit LoopbackServer(Handler handler, std::optional<TlsIdentity> identity = {});
    ~LoopbackServer();
    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;

    int port() const { return port_; }
    std::string authority() const { return "127.0.0.1:" + std::to_string(port_); }
    std::string url(const std::string& path) const;
    int connections() const { return connections_; }

    // Answers each request of a connection until the client closes.
    static Handler answering(Answer answer);

  private:
    void accept_all(int listener);
    void serve(int fd);
    void listen_on(int family);

    struct FreeContext {
        void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    };

    Handler handler_;
    std::unique_ptr<SSL_CTX, FreeContext> tls_;
    int port_ = 0;
    std::atomic<int> connections_ = 0;
    std::vector<int> listeners_;
    std::mutex mutex_;  // guards what follows
    bool stopping_ = false;
    std::vector<int> open_;
    std::vector<std::thread> threads_;
};

// A whole answer with Content-Length; `headers` end with CR LF each.
std::string reply(int status, std::string_view body = "", std::string_view headers = "");

}  // namespace quell::egress::test
