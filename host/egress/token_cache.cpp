// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/token_cache.hpp"

namespace quell::egress {
namespace {

constexpr int kRenewAtPercent = 85;

// A fetch that ended because its own caller left or ran out of time says nothing to the others.
bool concerns_all(const Error& error) {
    return error->code != Code::cancelled && error->code != Code::deadline_exceeded;
}

Error gave_up(const std::stop_token& cancel) {
    if (cancel.stop_requested()) {
        return Error(Code::cancelled, "connector_unavailable",
                     "The call was cancelled while waiting for a token.");
    }
    return Error(Code::deadline_exceeded, "deadline_exceeded", "No token came in time.")
        .retryable();
}

}  // namespace

Result<CachedToken> TokenCache::get(const Fetch& fetch, SteadyTime deadline,
                                    const std::stop_token& cancel) {
    Lock lock(mutex_);
    while (true) {
        if (auto token = usable(fetching_)) {
            return *std::move(token);
        }
        if (!fetching_) {
            return fetch_now(lock, fetch);
        }
        const std::uint64_t seen = fetches_ended_;
        if (!changed_.wait_until(lock, cancel, deadline, [&] { return fetches_ended_ != seen; })) {
            return gave_up(cancel);
        }
        if (last_failure_ && concerns_all(*last_failure_)) {
            return *last_failure_;
        }
    }
}

// While somebody renews, the old token serves as long as it lives.
std::optional<CachedToken> TokenCache::usable(bool renewing) const {
    if (!held_ || now_() >= (renewing ? held_->expires_at : held_->renew_at)) {
        return std::nullopt;
    }
    return CachedToken{
        .access_token = held_->access_token.copy(), .generation = held_->generation, .home = held_->home};
}

Result<CachedToken> TokenCache::fetch_now(Lock& lock, const Fetch& fetch) {
    fetching_ = true;
    const SteadyTime asked_at = now_();
    lock.unlock();
    Result<TokenAnswer> answer = fetch();
    lock.lock();
    fetching_ = false;
    ++fetches_ended_;
    changed_.notify_all();
    if (answer) {
        return keep(*std::move(answer), asked_at);
    }
    if (auto old = usable(true)) {
        held_->renew_at = held_->expires_at;
        last_failure_.reset();
        return *std::move(old);
    }
    last_failure_ = answer.error();
    return answer.error();
}

Result<CachedToken> TokenCache::keep(TokenAnswer answer, SteadyTime asked_at) {
    last_failure_.reset();
    held_ = Held{.access_token = answer.access_token.copy(),
                 .generation = ++generations_,
                 .home = answer.home,
                 .renew_at = asked_at + answer.lifetime * kRenewAtPercent / 100,
                 .expires_at = asked_at + answer.lifetime};
    return CachedToken{
        .access_token = std::move(answer.access_token), .generation = generations_, .home = answer.home};
}

void TokenCache::drop(std::uint64_t generation) {
    const std::lock_guard lock(mutex_);
    if (held_ && held_->generation == generation) {
        held_.reset();
    }
}

}  // namespace quell::egress
