// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/jwk.hpp"

namespace quell::crypto {

// A signed text in the compact form (RFC 7515 7.1), taken apart: at most 16 KiB, strict base64url, a header without
// "crit", since no extension is understood. Nothing in it is to be believed before is_signed_by() said so; keys that
// the header carries or points to are never looked at. Immutable value.
class Jws {
  public:
    static Result<Jws> parse(std::string_view compact);

    const std::string& payload() const { return payload_; }
    // As the header says: good for finding keys and for messages.
    const std::string& algorithm() const { return algorithm_; }
    const std::string& key_id() const { return key_id_; }
    bool is_signed_by(const KeySet& keys) const {
        return keys.verifies(key_id_, algorithm_, signed_text_, signature_);
    }

  private:
    Jws() = default;

    std::string algorithm_;
    std::string key_id_;
    std::string signed_text_;
    std::string payload_;
    std::string signature_;
};

}  // namespace quell::crypto
