// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/result.hpp"

namespace quell::egress {

enum class RequestKind { reading, acting, token };

std::string_view to_string(RequestKind kind);

// What is recorded of one exchange: no body, no query, no header.
struct RequestLine {
    RequestKind kind = RequestKind::reading;
    std::string method{};
    std::string host{};  // with port; empty where the URL was refused
    std::string path{};
    int status = 0;               // 0: no answer
    std::uint64_t bytes_out = 0;  // of bodies
    std::uint64_t bytes_in = 0;
    Millis duration{0};
    Code code = Code::ok;  // why there is no answer
    bool sent_to_provider = false;
};

// Watches the requests of one call. Called on the thread that makes the request.
class Observer {
  public:
    virtual ~Observer() = default;
    // Returns when `sent` is durable; the request leaves only on success. Called before every
    // acting request, also a repeated one, so it must not mind a second call.
    virtual Result<void> before_acting_request() = 0;
    virtual void finished(const RequestLine& line) = 0;
    // The exchange that just finished is tried again.
    virtual void repeating() {}
};

}  // namespace quell::egress
