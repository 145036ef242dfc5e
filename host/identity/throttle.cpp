// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/throttle.hpp"

namespace quell::identity {
namespace {

constexpr std::size_t kMaxWindowsPerShard = 4096;

std::chrono::seconds round_up(Throttle::Clock::duration wait) {
    return std::chrono::ceil<std::chrono::seconds>(wait);
}

}  // namespace

std::optional<std::chrono::seconds> Throttle::attempt(std::string_view key, Clock::time_point now) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    if (shard.windows.size() >= kMaxWindowsPerShard) {
        make_room(shard, now);
    }
    auto [entry, fresh] = shard.windows.try_emplace(std::string(key), Window{now + limit_.window, 0});
    Window& window = entry->second;
    if (!fresh && window.end <= now) {
        window = {now + limit_.window, 0};
    }
    if (window.attempts >= limit_.attempts) {
        return round_up(window.end - now);
    }
    ++window.attempts;
    return std::nullopt;
}

std::optional<std::chrono::seconds> Throttle::blocked(std::string_view key, Clock::time_point now) const {
    const Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    if (shard.windows.empty()) {
        return std::nullopt;
    }
    const auto entry = shard.windows.find(std::string(key));
    const bool over = entry != shard.windows.end() && entry->second.end > now &&
                      entry->second.attempts >= limit_.attempts;
    return over ? std::optional(round_up(entry->second.end - now)) : std::nullopt;
}

void Throttle::forgive(std::string_view key) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    shard.windows.erase(std::string(key));
}

void Throttle::make_room(Shard& shard, Clock::time_point now) {
    std::erase_if(shard.windows, [&](const auto& entry) { return entry.second.end <= now; });
    if (shard.windows.size() >= kMaxWindowsPerShard) {
        shard.windows.erase(shard.windows.begin());
    }
}

}  // namespace quell::identity
