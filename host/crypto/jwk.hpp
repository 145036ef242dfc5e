// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <openssl/types.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "json/value.hpp"

namespace quell::crypto {

// The algorithms by which somebody else's signature may be checked (RFC 7518, 8037, 9864). No "none", no shared
// secrets.
inline constexpr std::array<std::string_view, 5> kVerifyAlgorithms = {"RS256", "PS256", "ES256",
                                                                      "EdDSA", "Ed25519"};

// A public key out of a JWK (RFC 7517): RSA of 2048 to 8192 bits, EC P-256 or Ed25519, for signatures. Its type, and
// its "alg" if it has one, decide how it verifies; a message can only name an algorithm that fits. Immutable value,
// any thread. Refuses private and symmetric keys, points off the curve, weak exponents and RSA keys that the ROCA
// flaw (CVE-2017-15361) made.
class PublicKey {
  public:
    static Result<PublicKey> from_jwk(const json::Object& jwk);

    const std::string& key_id() const { return key_id_; }  // empty if it has none
    bool verifies(std::string_view algorithm, std::string_view text, std::string_view signature) const;

  private:
    PublicKey(std::shared_ptr<EVP_PKEY> key, std::string_view type, const json::Object& jwk);

    std::shared_ptr<EVP_PKEY> key_;
    std::string_view type_;  // RSA, EC or OKP
    std::string only_algorithm_;
    std::string key_id_;
};

// The keys of one owner: a JWK Set with 1 to 16 of them, at most 64 KiB. One that cannot be used refuses the whole
// set, so that nobody believes in a key that is not looked at.
class KeySet {
  public:
    static Result<KeySet> parse(std::string_view text);
    // The set of an identity provider, with at most 64 keys: RFC 7517 5 passes over those that cannot be used here, such
    // as keys for encryption. One is needed.
    static Result<KeySet> parse_usable(std::string_view text);

    // Whether a key may have been meant by this id: one that has it, or has none.
    bool may_hold(std::string_view key_id) const;
    // Whether one of them made the signature; with a `key_id`, one that has it or has none.
    bool verifies(std::string_view key_id, std::string_view algorithm, std::string_view text,
                  std::string_view signature) const;

  private:
    std::vector<PublicKey> keys_;
};

}  // namespace quell::crypto
