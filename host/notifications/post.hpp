// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <vector>

#include "egress/http_client.hpp"
#include "notifications/sender.hpp"

namespace quell::notifications {

struct Post {
    std::string url;
    std::vector<egress::Header> headers{};  // beside Content-Type
    std::string body;                       // JSON text
    bool allow_insecure_loopback = false;
};

// One POST under the rules of every way out: public addresses alone, no redirect, no cookie, at most 10 seconds and 64 KiB
// of answer (SS-01 to SS-04, SS-06). The status, or how it failed without one.
struct Posted {
    int status = 0;
    Delivery failure{};  // if there is no status
    std::optional<Millis> wait{};  // that the receiver asks for
};
Posted post(egress::HttpClient& http, const Post& what, const std::stop_token& stop);

}  // namespace quell::notifications
