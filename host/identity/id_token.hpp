// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "crypto/jws.hpp"
#include "json/value.hpp"

namespace quell::identity {

// What an id token is held to.
struct IdTokenRules {
    std::string issuer;
    std::string client_id;
    std::string nonce;
    WallTime asked_at{};  // when the person was sent to the provider
    WallTime now{};
    bool is_fresh = false;  // the person had to sign in anew for this
};

// A provider's signed word about a person (OpenID Connect Core 2). It exists if its form is right; nothing of it is to
// be believed before both checks have passed. Errors are openid_token_invalid and name the rule.
class IdToken {
  public:
    static Result<IdToken> parse(std::string_view compact);

    const std::string& key_id() const { return jws_.key_id(); }
    Result<void> check_signature(const crypto::KeySet& keys) const;
    Result<void> check_claims(const IdTokenRules& rules) const;

    const json::Object& claims() const { return claims_; }

  private:
    IdToken(crypto::Jws jws, json::Object claims) : jws_(std::move(jws)), claims_(std::move(claims)) {}

    crypto::Jws jws_;
    json::Object claims_;
};

}  // namespace quell::identity
