// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "audit/trail.hpp"
#include "crypto/digest.hpp"
#include "crypto/seal.hpp"

namespace quell::audit {

// A record's fields as they are hashed and stored; borrows everything.
struct HashedFields {
    std::string_view chain;
    std::int64_t seq = 0;
    std::int64_t at = 0;  // Unix milliseconds
    std::string_view event;
    std::string_view actor;
    std::string_view request_id;
    std::string_view outcome;
    std::string_view detail;
    const crypto::Digest& prev_hash;
};

// `scratch` is reused between calls to save an allocation.
crypto::Digest hash_of(const HashedFields& fields, std::string& scratch);
crypto::Digest anchor_of(const crypto::SealingKey& key, std::string_view chain, std::int64_t seq,
                         const crypto::Digest& hash);

}  // namespace quell::audit
