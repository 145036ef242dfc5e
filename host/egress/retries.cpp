// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/retries.hpp"

#include <condition_variable>
#include <mutex>
#include <random>

#include "egress/retry_after.hpp"

namespace quell::egress {
namespace {

constexpr Millis kFirstWait{200};
constexpr Millis kReserve{100};  // a try that cannot end before the deadline is not begun

bool may_try_again(const HttpResult& result, bool may_repeat) {
    if (!result.response) {
        const Error& error = result.response.error();
        const bool is_providers = error->code == Code::unavailable && error->key == "connector_unavailable";
        const bool is_limit = error->key == "rate_limited";  // of the token endpoint
        return (is_providers || is_limit) && (may_repeat || !result.sent_to_provider);
    }
    switch (result.response->status) {
        case 429:
            return true;
        case 500:
        case 502:
        case 503:
        case 504:
            return may_repeat;
        default:
            return false;
    }
}

}  // namespace

double Retries::Timing::uniform() {
    thread_local std::minstd_rand engine{std::random_device{}()};
    return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
}

bool Retries::Timing::pause(Millis time, const std::stop_token& cancel) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, cancel, time, [] { return false; });
    return !cancel.stop_requested();
}

std::optional<Millis> Retries::wait_after(const HttpResult& result, bool may_repeat, int tries,
                                          SteadyTime deadline) const {
    if (tries >= kMostTries || !may_try_again(result, may_repeat)) {
        return std::nullopt;
    }
    const Millis wait = jittered(asked_wait(result), tries);
    const bool in_time = timing_.now() + wait + kReserve < deadline;
    return in_time ? std::optional(wait) : std::nullopt;
}

std::optional<Millis> Retries::asked_wait(const HttpResult& result) const {
    if (result.response) {
        return retry_after(*result.response, timing_.wall_now());
    }
    const std::int64_t seconds = result.response.error()->retry_after_seconds;
    return seconds < 0 ? std::nullopt : std::optional(Millis(std::chrono::seconds(seconds)));
}

// Never before the provider's moment.
Millis Retries::jittered(std::optional<Millis> asked, int tries) const {
    const double random = timing_.random();
    if (asked) {
        return *asked + std::chrono::duration_cast<Millis>(random * kFirstWait);
    }
    const Millis full = kFirstWait * (1 << (tries - 1));
    return full / 2 + std::chrono::duration_cast<Millis>(random * (full / 2));
}

}  // namespace quell::egress
