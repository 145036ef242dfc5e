// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <array>
#include <cstring>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/network.hpp"
#include "crypto/digest.hpp"
#include "identity/principal.hpp"
#include "identity/revocation.hpp"

namespace quell::identity {

// What the store said about an access token or an API key.
struct CheckedToken {
    Principal principal;
    WallTime expires_at{};
    std::vector<Network> networks{};  // of a key: from where it may come; empty: anywhere
    WallTime read_at{};               // of a key
};

// Remembers checked tokens by their hash while no revocation contradicts it (revocation.hpp). Any thread; sharded,
// a reader takes one shared lock. Bounded: a full shard is emptied. Expiry is the reader's to judge.
class TokenCache {
  public:
    explicit TokenCache(const RevocationClock& clock) : clock_(clock) {}

    std::optional<CheckedToken> find(const crypto::Digest& hash) const;
    // `mark` was taken before the token was read from the store.
    void remember(const crypto::Digest& hash, CheckedToken token, std::uint64_t mark);

  private:
    struct Entry {
        CheckedToken token;
        std::uint64_t mark;
    };
    struct DigestHash {
        // The key is a SHA-256: any eight bytes of it are spread evenly.
        std::size_t operator()(const crypto::Digest& hash) const noexcept {
            std::size_t out = 0;
            std::memcpy(&out, hash.data(), sizeof out);
            return out;
        }
    };
    struct alignas(64) Shard {
        mutable std::shared_mutex mutex;
        std::unordered_map<crypto::Digest, Entry, DigestHash> entries;
    };

    // Another byte than those that choose the bucket.
    static std::size_t shard_index(const crypto::Digest& hash) { return hash.back() % 32; }

    const RevocationClock& clock_;
    std::array<Shard, 32> shards_;
};

}  // namespace quell::identity
