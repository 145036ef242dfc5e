// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "crypto/digest.hpp"

namespace quell::crypto {

// The host's key ([store] key): seals what is stored secretly and anchors what must not be forged.
// Each use has a key of its own, derived by HKDF-SHA-256 with a label, so that one never stands in
// for another. Immutable, so any thread. Refuses key material shorter than 32 bytes.
class SealingKey {
  public:
    static Result<SealingKey> make(const SecretString& material);

    // AES-256-GCM with a random nonce, as text: "v1." + base64url(nonce, ciphertext, tag).
    // `associated` says what the value is for (tenant, row, column); open() needs the same text, so
    // a sealed value cannot be moved elsewhere.
    std::string seal(std::string_view plain, std::string_view associated) const;
    // data_loss if the text was changed, moved or sealed with another key.
    Result<SecretString> open(std::string_view sealed, std::string_view associated) const;

    // HMAC-SHA-256 with a key that only this purpose has.
    Digest hmac(std::string_view purpose, std::string_view text) const;

  private:
    SealingKey(SecretString seal_key, SecretString hmac_key)
        : seal_key_(std::move(seal_key)), hmac_key_(std::move(hmac_key)) {}

    SecretString seal_key_;
    SecretString hmac_key_;
};

}  // namespace quell::crypto
