// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "crypto/jose.hpp"
#include "identity/id_token.hpp"
#include "json/serialize.hpp"

namespace quell::identity {
namespace {

constexpr std::int64_t kNow = 1'800'000'000;

// OpenID Connect Core 3.1.3.7 with a key of the provider's own.
class IdTokens : public ::testing::Test {
  protected:
    json::Object good() const {
        return {{"iss", "https://idp.example"}, {"aud", "quell"},        {"sub", "248289761001"},
                {"nonce", "n-0S6_WzA2Mj"},      {"exp", kNow + 300}, {"iat", kNow}};
    }
    json::Object with(std::string_view name, json::Value value) const {
        json::Object claims = good();
        claims[name] = std::move(value);
        return claims;
    }
    json::Object without(std::string_view name) const {
        json::Object claims = good();
        claims.erase(name);
        return claims;
    }
    IdTokenRules rules() const {
        return {.issuer = "https://idp.example",
                .client_id = "quell",
                .nonce = "n-0S6_WzA2Mj",
                .asked_at = from_unix_millis((kNow - 30) * 1000),
                .now = from_unix_millis(kNow * 1000)};
    }
    crypto::KeySet keys_of(const crypto::PrivateKey& owner, std::string_view key_id) const {
        const json::Object set = {{"keys", json::Array{owner.public_jwk(key_id)}}};
        return crypto::KeySet::parse_usable(json::serialize(set)).value();
    }
    // "ok", or the message.
    std::string check(const json::Object& claims, const IdTokenRules& rules) const {
        const auto token = IdToken::parse(key.sign_jwt("k1", claims));
        const auto checked = token ? token->check_claims(rules) : Result<void>(token.error());
        return checked ? "ok" : checked.error()->message;
    }
    std::string check(const json::Object& claims) const { return check(claims, rules()); }
    std::string signature(const std::string& compact) const {
        const auto token = IdToken::parse(compact);
        const auto checked = token ? token->check_signature(keys_of(key, "k1")) : Result<void>(token.error());
        return checked ? "ok" : checked.error()->message;
    }
    bool names(const std::string& message, std::string_view word) const {
        return message.find("(" + std::string(word)) != std::string::npos;
    }

    crypto::PrivateKey key = crypto::PrivateKey::generate_p256();
};

TEST_F(IdTokens, AreTakenIfTheyAreForThisSignIn) {
    EXPECT_EQ(check(good()), "ok");
    EXPECT_EQ(signature(key.sign_jwt("k1", good())), "ok");
}

// V89+
TEST_F(IdTokens, MustBeSignedByAKeyOfTheProvider) {
    const auto other = crypto::PrivateKey::generate_p256();

    EXPECT_EQ(signature(other.sign_jwt("k1", good())), "The identity provider's id token is not signed by the provider.");
    EXPECT_TRUE(names(signature(key.sign_jwt("k2", good())), "kid"));
}

// V89+
TEST_F(IdTokens, AreRefusedWithoutASignatureOrWithASharedSecret) {
    const std::string payload = to_base64url(json::serialize(good()));
    for (const std::string alg : {"none", "None", "HS256", "HS512", "RS512"}) {
        const std::string header = to_base64url(R"({"alg":")" + alg + R"(","kid":"k1"})");
        const std::string text = header + "." + payload;
        const std::string mac = to_base64url(crypto::as_text(crypto::hmac_sha256(key.to_pem().reveal(), text)));

        EXPECT_EQ(signature(text + "." + mac),
                  "The identity provider's id token is signed by an algorithm that is not accepted.");
    }
    EXPECT_NE(signature(to_base64url(R"({"alg":"none"})") + "." + payload + "."), "ok");
}

// V89+
TEST_F(IdTokens, OfAnotherIssuerAreRefused) {
    for (const char* issuer : {"https://idp.example/", "https://IDP.example", "https://evil.example", ""}) {
        EXPECT_TRUE(names(check(with("iss", issuer)), "iss")) << issuer;
    }
    EXPECT_TRUE(names(check(without("iss")), "iss"));
}

// V89+
TEST_F(IdTokens, ForAnotherClientAreRefused) {
    EXPECT_TRUE(names(check(with("aud", "other")), "aud"));
    EXPECT_TRUE(names(check(with("aud", json::Array{"other"})), "aud"));
    EXPECT_TRUE(names(check(with("aud", json::Array{"quell", "other"})), "aud"));
    EXPECT_TRUE(names(check(with("azp", "other")), "aud"));
    EXPECT_TRUE(names(check(without("aud")), "aud"));
    json::Object shared = with("aud", json::Array{"quell", "other"});
    shared["azp"] = "quell";

    EXPECT_EQ(check(with("aud", json::Array{"quell"})), "ok");
    EXPECT_EQ(check(shared), "ok");
}

// V89+
TEST_F(IdTokens, OfAnotherSignInAreRefused) {
    EXPECT_TRUE(names(check(with("nonce", "another")), "nonce"));
    EXPECT_TRUE(names(check(without("nonce")), "nonce"));
    IdTokenRules unasked = rules();
    unasked.nonce.clear();
    EXPECT_TRUE(names(check(with("nonce", ""), unasked), "nonce"));
}

// V89+
TEST_F(IdTokens, HoldForTheirTimeAlone) {
    EXPECT_TRUE(names(check(with("exp", kNow - 60)), "exp"));
    EXPECT_TRUE(names(check(without("exp")), "exp"));
    EXPECT_TRUE(names(check(with("exp", "soon")), "exp"));
    EXPECT_TRUE(names(check(with("iat", kNow + 61)), "iat"));
    EXPECT_TRUE(names(check(with("iat", kNow - 91)), "iat"));
    EXPECT_TRUE(names(check(without("iat")), "iat"));
    EXPECT_TRUE(names(check(with("nbf", kNow + 61)), "nbf"));
    EXPECT_TRUE(names(check(with("nbf", "later")), "nbf"));

    EXPECT_EQ(check(with("exp", kNow - 59)), "ok");
    EXPECT_EQ(check(with("iat", kNow - 89)), "ok");
}

// V89+
TEST_F(IdTokens, ShowAFreshSignInIfOneWasAskedFor) {
    IdTokenRules fresh = rules();
    fresh.is_fresh = true;

    EXPECT_TRUE(names(check(good(), fresh), "auth_time"));
    EXPECT_TRUE(names(check(with("auth_time", kNow - 91), fresh), "auth_time"));
    EXPECT_TRUE(names(check(with("auth_time", kNow + 61), fresh), "auth_time"));
    EXPECT_EQ(check(with("auth_time", kNow - 5), fresh), "ok");
    EXPECT_EQ(check(with("auth_time", kNow - 3600)), "ok");
}

TEST_F(IdTokens, NameASubject) {
    EXPECT_TRUE(names(check(without("sub")), "sub"));
    EXPECT_TRUE(names(check(with("sub", json::Value(std::string(256, 'x').c_str()))), "sub"));
    EXPECT_TRUE(names(check(with("sub", "line\nfeed")), "sub"));
}

// RFC 7517 5: other keys of the provider, for other ends, are passed over.
TEST_F(IdTokens, AreCheckedAlthoughTheProviderPublishesOtherKeysToo) {
    json::Object encryption = key.public_jwk("k2");
    encryption["use"] = "enc";
    const json::Object set = {{"keys", json::Array{encryption, json::Object{{"kty", "oct"}}, key.public_jwk("k1")}}};
    const auto keys = crypto::KeySet::parse_usable(json::serialize(set));

    ASSERT_TRUE(keys);
    EXPECT_TRUE(IdToken::parse(key.sign_jwt("k1", good()))->check_signature(*keys));
    EXPECT_FALSE(keys->may_hold("k2"));
    EXPECT_FALSE(crypto::KeySet::parse_usable(json::serialize(json::Object{{"keys", json::Array{encryption}}})));
}

}  // namespace
}  // namespace quell::identity
