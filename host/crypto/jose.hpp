// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "json/value.hpp"

namespace quell::crypto {

enum class JwsAlgorithm { RS256, ES256 };

std::string_view to_string(JwsAlgorithm algorithm);

// A private key that signs JWTs (RFC 7515, 7518). The key's type decides the algorithm; nothing a
// peer sends does. Immutable after it is made, so any thread may sign. Refuses RSA below 2048 bits,
// curves other than P-256 and PEM that is encrypted (there is nobody to ask for the passphrase).
class PrivateKey {
  public:
    static Result<PrivateKey> from_pem(const SecretString& pem);
    static PrivateKey generate_p256();

    JwsAlgorithm algorithm() const { return algorithm_; }
    SecretString to_pem() const;  // PKCS #8
    // RFC 7517: kty, alg, use and the public members; "kid" unless empty.
    json::Object public_jwk(std::string_view key_id) const;

    // The compact form, header {"alg", "typ": "JWT", "kid" unless empty}.
    std::string sign_jwt(std::string_view key_id, const json::Object& claims) const;

  private:
    PrivateKey(std::shared_ptr<EVP_PKEY> key, JwsAlgorithm algorithm)
        : key_(std::move(key)), algorithm_(algorithm) {}

    std::string sign(std::string_view text) const;

    std::shared_ptr<EVP_PKEY> key_;
    JwsAlgorithm algorithm_;
};

}  // namespace quell::crypto
