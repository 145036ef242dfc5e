// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstddef>
#include <stop_token>

#include "base/task.hpp"
#include "egress/http_client.hpp"

namespace quell::egress {

// Fetches small documents for I/O threads, under the rules of every way out: addresses are vetoed at connect, no
// redirect is followed, no cookie is sent, no credential but one that the caller puts in. https only; plain http and loopback addresses only with
// `allow_insecure_loopback`. So many at a time that strangers' addresses cannot hold up the host: beyond the queue it
// answers rate_limited. Owned by app; any I/O thread may call; stop it before the client and the callers' io_contexts.
class DocumentFetcher {
  public:
    struct Limits {
        std::size_t bytes = 5 * 1024;
        std::chrono::seconds time{5};
        bool allow_insecure_loopback = false;
    };

    explicit DocumentFetcher(HttpClient& client, std::size_t threads = 2, std::size_t max_waiting = 32)
        : client_(client), max_waiting_(max_waiting), pool_(threads) {}
    ~DocumentFetcher() { stop(); }

    // Any status is an answer. Errors: those of HttpClient::perform, and invalid_arguments for plain http.
    base::Task<HttpResponse> get(Url url, Limits limits);
    // The same for a request that is more than a look at a public document, such as one to a token endpoint.
    base::Task<HttpResponse> send(HttpRequest request, Limits limits);
    // Ends what is under way.
    void stop();

  private:
    bool enter();
    Result<HttpResponse> fetch(HttpRequest request, const Limits& limits);

    HttpClient& client_;
    const std::size_t max_waiting_;
    std::atomic<std::size_t> waiting_ = 0;
    std::stop_source stopping_;
    boost::asio::thread_pool pool_;
};

}  // namespace quell::egress
