// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/limits.hpp"

#include <algorithm>

namespace quell::challenges {
namespace {

constexpr std::chrono::hours kWindow{1};

std::int64_t seconds_until(std::optional<WallTime> at, WallTime now) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(at.value_or(now) - now).count();
    return std::max<std::int64_t>(left, 1);
}

Error limited(std::string message, std::string next_step, std::int64_t after_seconds) {
    return Error(Code::resource_exhausted, "rate_limited", std::move(message))
        .next_step(std::move(next_step))
        .retryable(after_seconds);
}

}  // namespace

Result<void> check_limits(store::Reader& reader, const store::ChallengeRow& row,
                          const config::ChallengeSettings& settings) {
    const WallTime now = row.created_at;
    TRY(const store::ChallengeLoad load, store::challenge_load(reader, row, now - kWindow));
    if (load.open >= settings.max_open_per_target) {
        return limited("This person has " + std::to_string(load.open) + " open challenges, and no more are allowed.",
                       "Wait for one to be answered or to expire. Another question makes an answer no surer.",
                       seconds_until(load.next_end, now));
    }
    if (load.since >= settings.max_hourly_per_target) {
        return limited("This person was challenged " + std::to_string(load.since) +
                           " times within an hour, and no more is allowed.",
                       "Reach the person by another way.",
                       seconds_until(load.first_made ? std::optional(*load.first_made + kWindow) : std::nullopt, now));
    }
    return {};
}

}  // namespace quell::challenges
