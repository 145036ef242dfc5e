// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "egress/http_message.hpp"

namespace quell::egress {

// One exchange whose answer is handed over as it comes and may take as long as it likes: for programs that talk to the
// host of their user's choice, never for plugins. On a connection of its own, never repeated. TLS is verified, no
// redirect is followed; the user's proxy variables count, but not for loopback. Blocks its thread.
class LiveRequest {
  public:
    struct Answer {
        // Status and headers; the body is empty.
        std::function<void(const HttpResponse& head)> on_head;
        // False ends the exchange.
        std::function<bool(std::string_view bytes)> on_bytes;
    };

    // `within`: the whole exchange; 0: as long as it takes.
    explicit LiveRequest(HttpRequest request, std::string ca_file = {}, std::chrono::milliseconds within = {})
        : request_(std::move(request)), ca_file_(std::move(ca_file)), within_(within) {}

    // Errors as those of HttpClient; cancelled once `stop` is requested.
    Result<void> perform(const Answer& answer, const std::stop_token& stop) const;

  private:
    HttpRequest request_;
    std::string ca_file_;  // empty: the system's bundle
    std::chrono::milliseconds within_;
};

}  // namespace quell::egress
