// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quell::http {

class Stream;

struct Header {
    std::string_view name;  // as sent; compare with find(), which ignores case
    std::string_view value;
};

// Says whether the client has gone while its call runs. Owned by the connection; one thread.
// on_gone() registers at most one function, called once, on the connection's thread.
class Watch {
  public:
    virtual ~Watch() = default;
    virtual bool is_gone() const = 0;
    virtual void on_gone(std::function<void()> notify) = 0;
};

// One request that has passed the guard (framing, Host, limits). Views live until the handler has finished.
struct Request {
    std::string_view method;
    std::string_view path;   // before '?', still percent-encoded
    std::string_view query;  // after '?', raw
    std::vector<Header> headers;
    std::string_view body;
    std::string_view peer;          // the client's address without port; "uid:N" on a Unix socket
    std::span<unsigned char> scratch;  // the connection's arena for parsing; free again after the answer
    Watch* watch = nullptr;            // null where nobody can watch (tests)

    // The value of the only header of that name; empty where it is absent. Repeated: the first.
    std::string_view find(std::string_view name) const;
    std::size_t count(std::string_view name) const;
    // Whether Content-Type names this media type, whatever its case and parameters.
    bool has_content_type(std::string_view media_type) const;
};

struct Response {
    unsigned status = 200;
    std::vector<std::pair<std::string, std::string>> headers{};  // Content-Length and Connection are added
    std::string body{};
    bool close = false;  // end the connection after this answer
    std::shared_ptr<Stream> stream{};  // instead of `body`: what it gives is sent until it ends; then the connection does
};

Response text(unsigned status, std::string body);
Response json(unsigned status, std::string body);

using Answer = boost::asio::awaitable<Response, boost::asio::io_context::executor_type>;
using Handler = std::function<Answer(const Request&)>;

}  // namespace quell::http
