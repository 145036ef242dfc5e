// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/token_cache.hpp"

namespace quell::identity {
namespace {

constexpr std::size_t kMaxEntriesPerShard = 4096;

}  // namespace

std::optional<CheckedToken> TokenCache::find(const crypto::Digest& hash) const {
    const Shard& shard = shards_[shard_index(hash)];
    const std::shared_lock lock(shard.mutex);
    const auto entry = shard.entries.find(hash);
    if (entry == shard.entries.end() || !clock_.is_current(entry->second.mark)) {
        return std::nullopt;
    }
    return entry->second.token;
}

void TokenCache::remember(const crypto::Digest& hash, CheckedToken token, std::uint64_t mark) {
    if (!clock_.is_current(mark)) {
        return;
    }
    Shard& shard = shards_[shard_index(hash)];
    const std::unique_lock lock(shard.mutex);
    if (shard.entries.size() >= kMaxEntriesPerShard) {
        shard.entries.clear();
    }
    shard.entries.insert_or_assign(hash, Entry{std::move(token), mark});
}

}  // namespace quell::identity
