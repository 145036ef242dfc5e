// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/verification.hpp"

#include "base/encoding.hpp"

namespace quell::challenges {

std::string verification_token(const crypto::SealingKey& key, const ChallengeId& id) {
    return to_base64url(crypto::as_text(key.hmac("challenge verification token", id.str())));
}

crypto::Digest token_hash(std::string_view token) { return crypto::sha256(token); }

std::string verification_url(std::string_view public_url, std::string_view token) {
    return std::string(public_url) + std::string(kVerificationPath) + std::string(token);
}

}  // namespace quell::challenges
