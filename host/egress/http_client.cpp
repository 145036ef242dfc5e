// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/http_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <mutex>
#include <thread>

#include "egress/curl_failure.hpp"
#include "egress/transfer.hpp"

namespace quell::egress {
namespace {

constexpr long kMostIdleConnections = 64;
constexpr int kPollMillis = 60'000;  // a wake-up ends it at once

struct FreeMulti {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

bool initialise_libcurl() {
    static const bool good = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return good;
}

}  // namespace

// The egress thread: adds what workers queued, drops what they gave up, and lets libcurl run.
class HttpClient::Loop {
  public:
    explicit Loop(HttpClientOptions options) : options_(std::move(options)) {}

    Result<void> start() {
        multi_.reset(initialise_libcurl() ? curl_multi_init() : nullptr);
        if (!multi_ || curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS,
                                         kMostIdleConnections) != CURLM_OK) {
            return internal_error("libcurl cannot be initialised");
        }
        const std::lock_guard lock(mutex_);
        running_ = true;
        thread_ = std::thread([this] { run(); });
        return {};
    }

    void stop() {
        {
            const std::lock_guard lock(mutex_);
            running_ = false;
        }
        if (thread_.joinable()) {
            wake();
            thread_.join();
        }
    }

    bool submit(const std::shared_ptr<Transfer>& transfer) {
        const std::lock_guard lock(mutex_);
        if (!running_) {
            return false;
        }
        queue_.push_back(transfer);
        wake();
        return true;
    }

    void wake() { curl_multi_wakeup(multi_.get()); }

  private:
    void run() {
        while (take_queue()) {
            drop_abandoned();
            int under_way = 0;
            curl_multi_perform(multi_.get(), &under_way);
            finish_ended();
            curl_multi_poll(multi_.get(), nullptr, 0, kPollMillis, nullptr);
        }
        while (!active_.empty()) {
            active_.back()->fail(client_stopped());
            remove(active_.size() - 1);
        }
    }

    // False once the client is to stop; what is queued then is failed with the rest.
    bool take_queue() {
        std::vector<std::shared_ptr<Transfer>> queued;
        bool running = false;
        {
            const std::lock_guard lock(mutex_);
            queued.swap(queue_);
            running = running_;
        }
        for (std::shared_ptr<Transfer>& transfer : queued) {
            add(std::move(transfer));
        }
        return running;
    }

    void add(std::shared_ptr<Transfer> transfer) {
        if (auto prepared = transfer->prepare(options_); !prepared) {
            transfer->fail(std::move(prepared).error());
            return;
        }
        if (curl_multi_add_handle(multi_.get(), transfer->handle()) != CURLM_OK) {
            transfer->fail(internal_error("libcurl takes no further transfer"));
            return;
        }
        active_.push_back(std::move(transfer));
    }

    void remove(std::size_t index) {
        curl_multi_remove_handle(multi_.get(), active_[index]->handle());
        active_[index]->release();
        std::swap(active_[index], active_.back());
        active_.pop_back();
    }

    void drop_abandoned() {
        for (std::size_t i = active_.size(); i-- > 0;) {
            if (active_[i]->is_abandoned()) {
                remove(i);
            }
        }
    }

    void finish_ended() {
        int left = 0;
        while (const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left)) {
            if (message->msg != CURLMSG_DONE) {
                continue;
            }
            const CURL* const handle = message->easy_handle;
            const auto found = std::ranges::find(
                active_, handle, [](const auto& transfer) { return transfer->handle(); });
            (*found)->finish(message->data.result);
            remove(static_cast<std::size_t>(found - active_.begin()));
        }
    }

    const HttpClientOptions options_;
    std::unique_ptr<CURLM, FreeMulti> multi_;
    std::vector<std::shared_ptr<Transfer>> active_;  // egress thread only
    std::mutex mutex_;                               // guards queue_ and running_
    std::vector<std::shared_ptr<Transfer>> queue_;
    bool running_ = false;
    std::thread thread_;
};

HttpClient::HttpClient(HttpClientOptions options)
    : loop_(std::make_unique<Loop>(std::move(options))) {}

HttpClient::~HttpClient() {
    stop();
}

Result<void> HttpClient::start() {
    return loop_->start();
}

void HttpClient::stop() {
    loop_->stop();
}

HttpResult HttpClient::perform(HttpRequest request, const RequestPolicy& policy,
                               const std::stop_token& cancel) {
    if (cancel.stop_requested() || policy.deadline <= std::chrono::steady_clock::now()) {
        const std::string& host = request.url.host();
        return {.response = cancel.stop_requested() ? caller_gone(host) : deadline_passed(host),
                .sent_to_provider = false};
    }
    const auto transfer = std::make_shared<Transfer>(std::move(request), policy);
    if (!loop_->submit(transfer)) {
        return {.response = client_stopped(), .sent_to_provider = false};
    }
    HttpResult result = transfer->wait(cancel);
    if (transfer->is_abandoned()) {
        loop_->wake();
    }
    return result;
}

}  // namespace quell::egress
