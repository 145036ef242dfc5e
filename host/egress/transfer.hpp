// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <curl/curl.h>

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "egress/http_client.hpp"
#include "egress/http_message.hpp"

namespace quell::egress {

// One exchange between a worker thread, which owns the wait, and the egress thread, which owns the
// libcurl handle. The worker may give up at any moment: from then on nothing of the request leaves
// any more, and what it was told about `sent` stays true. Request and answer are wiped at the end,
// since they carry credentials.
class Transfer {
  public:
    Transfer(HttpRequest request, const RequestPolicy& policy);
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    // Worker thread.
    HttpResult wait(const std::stop_token& cancel);

    // Egress thread.
    Result<void> prepare(const HttpClientOptions& options);
    CURL* handle() const { return easy_.get(); }
    bool is_abandoned() const;
    void finish(CURLcode code);
    void fail(Error error);
    void release() { easy_.reset(); }

  private:
    struct Free {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };

    static curl_socket_t open_socket(void* self, curlsocktype purpose,
                                     curl_sockaddr* address) noexcept;
    static int before_request(void* self, char* peer, char* local, int peer_port,
                              int local_port) noexcept;
    static std::size_t take_header(char* data, std::size_t size, std::size_t count,
                                   void* self) noexcept;
    static std::size_t take_body(char* data, std::size_t size, std::size_t count,
                                 void* self) noexcept;

    bool may_send(std::string_view peer);
    bool add_header_line(std::string_view line);
    bool set_transport(const HttpClientOptions& options);
    bool set_message();
    bool set_callbacks();
    bool add_header(const std::string& line);
    Result<HttpResponse> outcome(CURLcode code);
    void settle(Result<HttpResponse> response);

    HttpRequest request_;
    const RequestPolicy policy_;

    // Egress thread only.
    std::unique_ptr<CURL, Free> easy_;
    std::unique_ptr<curl_slist, Free> headers_;
    std::unique_ptr<curl_slist, Free> resolve_;
    std::array<char, CURL_ERROR_SIZE> detail_{};
    HttpResponse response_;
    std::size_t header_bytes_ = 0;
    std::size_t header_lines_ = 0;
    int attempts_ = 0;
    bool headers_done_ = false;
    bool too_large_ = false;
    bool vetoed_ = false;
    bool repeat_refused_ = false;

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable_any changed_;
    bool sent_ = false;
    bool abandoned_ = false;
    std::optional<Result<HttpResponse>> outcome_;
};

}  // namespace quell::egress
