// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>

#include <quell/detail/services.hpp>
#include <quell/result.hpp>
#include <quell/time.hpp>

namespace quell::inline v1 {

// The host's clock; tests move it by hand. Use it in place of std::chrono clocks and sleeps.
class Clock {
  public:
    Clock(const detail::Services& services, quell_call* call) : services_(services), call_(call) {}

    Time now() const {
        return Time{std::chrono::milliseconds{services_.clock->now_unix_ms(services_.host)}};
    }

    // Sleeps. An Error (cancelled, deadline_exceeded) as soon as the call is over: return then.
    Result<void> sleep(std::chrono::milliseconds duration) const {
        const auto length =
            duration.count() < 0 ? 0U : static_cast<std::uint64_t>(duration.count());
        const auto status = static_cast<Status>(services_.clock->sleep_ms(call_, length));
        if (status == Status::ok)
            return {};
        return Error{status, "The call ended while it waited."};
    }

  private:
    const detail::Services& services_;
    quell_call* call_;
};

}  // namespace quell::inline v1
