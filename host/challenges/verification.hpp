// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "crypto/seal.hpp"
#include "store/challenges.hpp"

namespace quell::challenges {

// Below public_url; the token follows.
inline constexpr std::string_view kVerificationPath = "/challenges/verify/";

// The token in a challenge's verification URL: 256 bits that only this host's key gives, so that the same answer can be
// given again to a repeated call although the store holds a digest alone. Good for this one challenge while it is open.
std::string verification_token(const crypto::SealingKey& key, const ChallengeId& id);
crypto::Digest token_hash(std::string_view token);
std::string verification_url(std::string_view public_url, std::string_view token);

}  // namespace quell::challenges
