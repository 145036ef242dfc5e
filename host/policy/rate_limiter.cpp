// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "policy/rate_limiter.hpp"

#include <algorithm>

namespace quell::policy {
namespace {

constexpr std::chrono::minutes kWindow{1};
constexpr std::size_t kMaxWindowsPerShard = 4096;

}  // namespace

RateLimiter::Window& RateLimiter::present_window(Shard& shard, std::string_view key, Clock::time_point now) {
    auto& windows = shard.windows;
    if (windows.size() >= kMaxWindowsPerShard) {
        std::erase_if(windows, [&](const auto& entry) { return entry.second.end <= now; });
    }
    if (windows.size() >= kMaxWindowsPerShard) {
        windows.erase(windows.begin());
    }
    Window& window = windows.try_emplace(std::string(key), Window{now + kWindow}).first->second;
    if (window.end <= now) {
        window = {now + kWindow};
    }
    return window;
}

RateLimiter::Allowance RateLimiter::take(std::string_view key, std::int64_t limit, Clock::time_point now) {
    Shard& shard = shards_[std::hash<std::string_view>{}(key) % shards_.size()];
    const std::lock_guard lock(shard.mutex);
    Window& window = present_window(shard, key, now);
    const bool allowed = window.calls < limit;
    window.calls += allowed ? 1 : 0;
    return {.allowed = allowed,
            .limit = limit,
            .remaining = std::max<std::int64_t>(limit - window.calls, 0),
            .until_reset = std::chrono::ceil<std::chrono::seconds>(window.end - now)};
}

}  // namespace quell::policy
