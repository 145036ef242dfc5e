// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <string_view>

#include <quell/clock.hpp>
#include <quell/http_client.hpp>
#include <quell/log.hpp>
#include <quell/mcp_events.hpp>

namespace quell::inline v1 {

// One invocation of a method: its deadline, and the host's services bound to it. Owned by the SDK,
// valid until the method returns; do not keep a reference.
class Call {
  public:
    Call(const detail::Services& services, quell_call* raw)
        : services_(services),
          raw_(raw),
          http_(services, raw),
          log_(services, raw),
          clock_(services, raw),
          mcp_(services, raw) {}
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    const HttpClient& http() const { return http_; }
    const Log& log() const { return log_; }
    const Clock& clock() const { return clock_; }
    const McpEvents& mcp() const { return mcp_; }

    Time deadline() const {
        return Time{std::chrono::milliseconds{services_.call->deadline_unix_ms(raw_)}};
    }
    std::chrono::milliseconds time_left() const { return deadline() - clock_.now(); }

    // True once the caller has gone or the deadline has passed: return soon.
    bool is_cancelled() const { return services_.call->is_cancelled(raw_) != 0; }

    // In resolve, poll and check: the host lets no changing request through.
    bool is_read_only() const { return services_.call->mode(raw_) == QUELL_MODE_READ_ONLY; }

    // The host's id of this order, for correlation in the vendor's logs.
    std::string_view request_id() const {
        return detail::to_view(services_.call->request_id(raw_));
    }

  private:
    const detail::Services& services_;
    quell_call* raw_;
    HttpClient http_;
    Log log_;
    Clock clock_;
    McpEvents mcp_;
};

}  // namespace quell::inline v1
