// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "egress/token_endpoint.hpp"

namespace quell::egress {

using SteadyTime = std::chrono::steady_clock::time_point;
using SteadyClock = std::function<SteadyTime()>;

struct CachedToken {
    SecretString access_token;
    std::uint64_t generation = 0;  // tells this token from its successor
    const Url* home = nullptr;     // as in TokenAnswer
};

// The access token of one credential profile of one connector. Any thread. However many ask, one
// fetches and the others wait for it, within their own deadlines; they share its failure too. A
// token is renewed once 85 % of its life has passed (lives differ from a minute to a day, so the
// margin is a fraction), and used to its end if that fails.
class TokenCache {
  public:
    using Fetch = std::function<Result<TokenAnswer>()>;

    explicit TokenCache(SteadyClock now) : now_(std::move(now)) {}

    Result<CachedToken> get(const Fetch& fetch, SteadyTime deadline, const std::stop_token& cancel);
    // The provider refused this token: the next get() fetches, unless somebody has already.
    void drop(std::uint64_t generation);

  private:
    struct Held {
        SecretString access_token;
        std::uint64_t generation = 0;
        const Url* home = nullptr;
        SteadyTime renew_at;
        SteadyTime expires_at;
    };
    using Lock = std::unique_lock<std::mutex>;

    std::optional<CachedToken> usable(bool renewing) const;
    Result<CachedToken> fetch_now(Lock& lock, const Fetch& fetch);
    Result<CachedToken> keep(TokenAnswer answer, SteadyTime asked_at);

    const SteadyClock now_;
    std::mutex mutex_;  // guards all below; not held during a fetch
    std::condition_variable_any changed_;
    std::optional<Held> held_;
    std::optional<Error> last_failure_;  // of the newest fetch, unless it ended well
    std::uint64_t fetches_ended_ = 0;
    std::uint64_t generations_ = 0;
    bool fetching_ = false;
};

}  // namespace quell::egress
