// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "egress/http_message.hpp"

namespace quell::egress {

// Not settings of the admin: tests put their own CA and names here.
struct HttpClientOptions {
    std::string ca_file{};               // empty: the system's bundle
    std::vector<std::string> resolve{};  // "name:port:address", instead of DNS
};

// The host's one HTTP client: a libcurl multi handle on one thread, so that connections and the
// parsed CA bundle are shared by all plugins. perform() blocks its thread and is for worker
// threads, never for I/O threads. It verifies TLS always, follows no redirect, reads no proxy,
// netrc or cookie settings, refuses addresses outside the policy's reach at connect and again on a
// reused connection, and reads at most 64 KiB of headers.
class HttpClient {
  public:
    explicit HttpClient(HttpClientOptions options = {});
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    Result<void> start();
    // Ends what is under way with unavailable and joins the thread. perform() fails from then on.
    void stop();

    // Returns at the deadline or as soon as `cancel` is requested, at the latest.
    // Errors: unavailable (no connection, or the answer was lost), deadline_exceeded, cancelled,
    // data_loss (the answer is too large or cut short), failed_precondition
    // (address or certificate refused).
    HttpResult perform(HttpRequest request, const RequestPolicy& policy,
                       const std::stop_token& cancel);

  private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

}  // namespace quell::egress
