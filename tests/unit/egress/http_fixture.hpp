// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "egress/http_client.hpp"
#include "egress/observer.hpp"

namespace quell::egress::test {

inline std::chrono::steady_clock::time_point in(std::chrono::milliseconds time) {
    return std::chrono::steady_clock::now() + time;
}

// Long enough never to matter; a test that needs it has hung.
inline std::chrono::steady_clock::time_point patient() {
    return in(std::chrono::seconds(60));
}

inline HttpRequest request_for(const std::string& method, const std::string& url,
                               bool may_repeat = true) {
    return {.method = method, .url = *Url::parse(url), .may_repeat = may_repeat};
}

inline RequestPolicy to_loopback() {
    return {.deadline = patient(), .reach = Reach::public_or_loopback};
}

inline Code code_of(const HttpResult& result) {
    return result.response ? Code::ok : result.response.error()->code;
}

inline int status_of(const HttpResult& result) {
    return result.response ? result.response->status : 0;
}

struct RunningClient : HttpClient {
    explicit RunningClient(HttpClientOptions options = {}) : HttpClient(std::move(options)) {
        EXPECT_TRUE(start());
    }
};

// Keeps the lines and counts the calls; refuses acting requests if told to.
class RecordingObserver : public Observer {
  public:
    Result<void> before_acting_request() override {
        const std::lock_guard lock(mutex_);
        ++acting_;
        if (refuse) {
            return Error(Code::unavailable, "store_unavailable", "The store is full.");
        }
        return {};
    }

    void finished(const RequestLine& line) override {
        const std::lock_guard lock(mutex_);
        lines_.push_back(line);
    }

    int acting() const {
        const std::lock_guard lock(mutex_);
        return acting_;
    }

    std::vector<RequestLine> lines() const {
        const std::lock_guard lock(mutex_);
        return lines_;
    }

    bool refuse = false;

  private:
    mutable std::mutex mutex_;
    int acting_ = 0;
    std::vector<RequestLine> lines_;
};

}  // namespace quell::egress::test
