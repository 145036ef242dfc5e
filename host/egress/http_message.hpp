// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "egress/address_veto.hpp"
#include "egress/url.hpp"

namespace quell::egress {

struct Header {
    std::string name;
    std::string value;
};

// A request that has passed the rules (request_rules.hpp).
struct HttpRequest {
    std::string method;
    Url url;
    std::vector<Header> headers{};
    std::string body{};
    // It changes nothing, or may arrive twice: it may use a pooled connection and is repeated once
    // if that connection proves dead. Otherwise it goes over a connection of its own and is never
    // repeated.
    bool may_repeat = false;
};

struct RequestPolicy {
    std::chrono::steady_clock::time_point
        deadline;  // of the whole exchange, however slowly bytes come (PF-12)
    std::size_t max_response_bytes = std::size_t{8} << 20;
    Reach reach = Reach::public_only;
};

struct HttpResponse {
    int status = 0;
    std::vector<Header> headers{};  // names in lower case, one element for each occurrence
    std::string body{};
};

// How an exchange ended.
struct HttpResult {
    Result<HttpResponse> response;
    // Whether this request may have reached the provider. False together with an error proves that
    // it did not act; true together with an error means that the answer was lost.
    bool sent_to_provider = false;
};

}  // namespace quell::egress
